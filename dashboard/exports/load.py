"""Lands exports: each file is one batch in one transaction, there whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from assessments.errors import WorkbenchError
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.exports import books
from dashboard.exports.arrivals import gather, refuse_empty
from dashboard.exports.correction import kind_of, link
from dashboard.exports.declare import start_declaring
from dashboard.exports.declared import counted_report, is_declared, write_reports
from dashboard.exports.examine import Arrival, Examined, examine
from dashboard.exports.fingerprint import check_unchanged
from dashboard.exports.foreign import with_resources
from dashboard.exports.landing import explain_storage, open_landing
from dashboard.exports.lock import hold_lock
from dashboard.exports.options import Options
from dashboard.exports.outbox import check_may_load, record_loads
from dashboard.exports.quarantine import keep_bad
from dashboard.exports.readers.inflate import scratch_folder
from dashboard.exports.result import FileResult, Held, Report
from dashboard.exports.settle import Batch, settle
from dashboard.exports.worker import Job
from dashboard.warehouse.build import build


def load_paths(
    home: Home,
    paths: Sequence[Path],
    kind: str | None = None,
    records: Records | None = None,
    actor: Actor | None = None,
    *,
    options: Options | None = None,
) -> Report:
    """Land every file, enter each load in the ledger, have it declared, and build the warehouse."""
    chosen = options or Options(kind)
    home.prepare()
    if chosen.corrects is not None:
        chosen = replace(chosen, kind=kind_of(home, chosen.corrects))
    if records is not None and actor is not None:
        check_may_load(records, actor)
    worker = start_declaring(home) if chosen.is_declared else nullcontext()
    with hold_lock(home), scratch_folder(home, is_alone=True) as scratch, worker as declaring:
        arrivals, held = gather(paths, with_resources(home, chosen), scratch)
        results: list[tuple[Arrival, FileResult]] = []
        with open_landing(home, write=True) as connection:
            for arrival in arrivals:
                try:
                    results.append((arrival, _load(connection, arrival, chosen)))
                except WorkbenchError as error:
                    held.append(Held(arrival.source.name, error))
            if records is not None and actor is not None:
                record_loads(connection, records, actor)
        if declaring:
            declaring.begin(_jobs(home, results))
        generation = _publish(home, records) if chosen.is_built else None
        files = tuple(result for _, result in results)
        notes = declaring.finish(files) if declaring else ()
    return Report(files, tuple(held), generation, notes)


def _publish(home: Home, records: Records | None) -> int:
    """The landing store is only read, so that great-expectations can read it at the same time."""
    with open_landing(home, write=False) as connection, explain_storage():
        return build(home, connection, records)


def _jobs(home: Home, results: Sequence[tuple[Arrival, FileResult]]) -> list[Job]:
    """The files that great-expectations has not reported on; until it has, what was counted stands."""
    missing = [
        (arrival.source, result)
        for arrival, result in results
        if not is_declared(home, result.batch_id)
    ]
    write_reports(home, [counted_report(result) for _, result in missing])
    return [
        Job(
            str(source.path.resolve()),
            result.kind,
            result.batch_id,
            result.sha256,
            source.dialect,
            source.reading,
        )
        for source, result in missing
    ]


def _load(connection: duckdb.DuckDBPyConnection, arrival: Arrival, options: Options) -> FileResult:
    earlier = books.find_batch(connection, arrival)
    if earlier is not None:
        return earlier
    as_of = options.as_of or datetime.now(UTC).date()
    books.check_order(connection, arrival, as_of)
    with explain_storage():
        examined = examine(connection, arrival)
        refuse_empty(connection, examined, options)
        try:
            connection.execute("begin")
            result = _land(connection, examined, as_of)
            connection.execute("commit")
        except BaseException:
            _roll_back(connection)
            raise
    return result


def _land(connection: duckdb.DuckDBPyConnection, examined: Examined, as_of: date) -> FileResult:
    """Data, quarantine and books in one transaction; the file must still be the one that was read."""
    source, contract = examined.arrival.source, examined.arrival.contract
    batch = Batch(books.batch_id(connection, examined.arrival), contract, as_of, source.is_partial)
    ended = settle(connection, batch)
    keep_bad(connection, source, contract, batch.batch_id)
    result = books.result(examined, batch.batch_id, ended)
    books.enter(connection, result, as_of)
    if source.reading is not None and source.reading.corrects is not None:
        link(connection, batch.batch_id, source.reading.corrects)
    check_unchanged(source.path, source.fingerprint)
    return result


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """After a failed commit the engine has rolled back by itself."""
    try:
        connection.execute("rollback")
    except duckdb.Error:
        return
