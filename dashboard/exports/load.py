"""Checks exports without landing them, and lands them: whole batches or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from assessments.errors import BadInput, WorkbenchError
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.exports import books
from dashboard.exports.catalogue import load_order
from dashboard.exports.contract import Dialect
from dashboard.exports.examine import Arrival, Examined, examine, recognise
from dashboard.exports.fingerprint import check_unchanged
from dashboard.exports.landing import LANDED, explain, explain_storage, open_landing
from dashboard.exports.lock import hold_lock
from dashboard.exports.outbox import check_may_load, record_loads
from dashboard.exports.quarantine import keep_bad
from dashboard.exports.readers.formats import find_files
from dashboard.exports.result import FileResult, Held, Report
from dashboard.exports.settle import Batch, settle
from dashboard.warehouse.build import build


@dataclass(frozen=True, slots=True)
class Options:
    """kind and dialect override what the file's name and contract say; ``as_of`` dates snapshots."""

    kind: str | None = None
    dialect: Dialect | None = None
    as_of: date | None = None
    may_be_empty: bool = False


def check_paths(
    home: Home, paths: Sequence[Path], kind: str | None = None, *, options: Options | None = None
) -> Report:
    """Say what loading would do, without changing anything."""
    chosen = options or Options(kind)
    home.prepare()
    arrivals, held = _arrive(paths, chosen)
    results: list[FileResult] = []
    with hold_lock(home, shared=True), open_landing(home, write=False) as connection:
        for arrival in arrivals:
            try:
                with explain_storage():
                    results.append(_check_one(connection, arrival, chosen))
            except WorkbenchError as error:
                held.append(Held(arrival.source.name, error))
    return Report(tuple(results), tuple(held))


def load_paths(
    home: Home,
    paths: Sequence[Path],
    kind: str | None = None,
    records: Records | None = None,
    actor: Actor | None = None,
    *,
    options: Options | None = None,
) -> Report:
    """Land every file as one batch each, enter each in the ledger, and build the warehouse."""
    chosen = options or Options(kind)
    home.prepare()
    with hold_lock(home):
        if records is not None and actor is not None:
            check_may_load(records, actor)
        arrivals, held = _arrive(paths, chosen)
        results: list[FileResult] = []
        with open_landing(home, write=True) as connection:
            for arrival in arrivals:
                try:
                    results.append(_load_one(connection, arrival, chosen))
                except WorkbenchError as error:
                    held.append(Held(arrival.source.name, error))
            if records is not None and actor is not None:
                record_loads(connection, records, actor)
            with explain_storage():
                generation = build(home, connection, records)
    return Report(tuple(results), tuple(held), generation)


def _arrive(paths: Sequence[Path], options: Options) -> tuple[list[Arrival], list[Held]]:
    """The files in an order in which references can be found, and those that cannot be read."""
    arrivals: list[Arrival] = []
    held: list[Held] = []
    for path in find_files([Path(path) for path in paths]):
        try:
            arrivals.append(recognise(path, options.kind, options.dialect))
        except WorkbenchError as error:
            held.append(Held(path.name, error))
    order = load_order([arrival.contract.kind for arrival in arrivals])
    arrivals.sort(key=lambda arrival: order.index(arrival.contract.kind))
    return arrivals, held


def _check_one(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, options: Options
) -> FileResult:
    earlier = books.find_batch(connection, arrival)
    if earlier is not None:
        return earlier
    examined = examine(connection, arrival)
    _refuse_empty(connection, examined, options)
    check_unchanged(arrival.source.path, arrival.source.fingerprint)
    return books.result(examined, books.batch_id(connection, arrival), ended=0)


def _load_one(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, options: Options
) -> FileResult:
    earlier = books.find_batch(connection, arrival)
    if earlier is not None:
        return earlier
    connection.execute("begin")
    try:
        result = _land(connection, arrival, options)
        connection.execute("commit")
    except BaseException as error:
        _roll_back(connection)
        if isinstance(error, duckdb.Error | OSError):
            raise explain(error) from error
        raise
    return result


def _land(connection: duckdb.DuckDBPyConnection, arrival: Arrival, options: Options) -> FileResult:
    as_of = options.as_of or datetime.now(UTC).date()
    books.check_order(connection, arrival, as_of)
    examined = examine(connection, arrival)
    _refuse_empty(connection, examined, options)
    batch = Batch(books.batch_id(connection, arrival), arrival.contract, as_of)
    ended = settle(connection, batch)
    keep_bad(connection, arrival.source, arrival.contract, batch.batch_id)
    result = books.result(examined, batch.batch_id, ended)
    books.enter(connection, result, as_of)
    check_unchanged(arrival.source.path, arrival.source.fingerprint)
    return result


def _refuse_empty(
    connection: duckdb.DuckDBPyConnection, examined: Examined, options: Options
) -> None:
    """An empty list would end every row of the previous one; that is rarely meant."""
    contract = examined.arrival.contract
    if examined.rows or contract.mode == "append" or options.may_be_empty:
        return
    standing = connection.execute(f'select 1 from {LANDED}."{contract.kind}" limit 1').fetchone()
    if standing is not None:
        raise BadInput(
            "The list is empty, but the previous one was not",
            "Nothing was changed. If everything really ended, load it with --accept-empty.",
            where={"file": examined.arrival.source.name},
        )


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """After a failed commit the engine has rolled back by itself."""
    try:
        connection.execute("rollback")
    except duckdb.Error:
        return
