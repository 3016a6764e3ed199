"""Builds a generation of the warehouse aside and puts it in place of the one before.

The landing store is only read. What is built can be thrown away: landed exports and records make it
again. Pages, KPIs and notebooks see a generation whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from assessments.errors import BadInput, NotFound
from assessments.ledger import store
from assessments.records import Records
from assessments.settings import Home
from dashboard.exports.catalogue import contracts
from dashboard.exports.column_types import literal, quote
from dashboard.exports.declared import DeclaredReport
from dashboard.exports.landing import BOOKS, LANDED, explain_storage, open_landing
from dashboard.exports.lock import hold_lock
from dashboard.kpis import catalogue, precompute
from dashboard.warehouse import event_months, generations
from dashboard.warehouse.carried import BEFORE, build_carried
from dashboard.warehouse.event_months import Month
from dashboard.warehouse.marts_order import Mart, digest, read_marts
from dashboard.warehouse.record_copy import copy_records
from dashboard.warehouse.source_checks import copy_source_checks, newest_reports

CALENDAR = ("2020-01-01", "2035-12-31")


def rebuild(home: Home, records: Records | None) -> int:
    """Build when exports, records or marts changed since the generation that counts."""
    home.prepare()
    with hold_lock(home), open_landing(home, write=True) as connection, explain_storage():
        return build(home, connection, records)


def build(home: Home, connection: duckdb.DuckDBPyConnection, records: Records | None) -> int:
    """The number of the generation that counts afterwards; the landing store is attached."""
    marts = read_marts()
    reports = newest_reports(home, connection)
    origin = _origin(connection, records, marts, reports)
    standing = _standing(home, origin)
    if standing is not None:
        return standing
    target = generations.next_path(home)
    built = target.with_suffix(".new")
    built.unlink(missing_ok=True)
    parts = Parts(marts, reports, origin, event_months.version(connection, marts))
    earlier, has_before = _attach_before(home, connection, parts)
    months = event_months.refresh(home, connection, earlier, marts, generations.number_of(target))
    connection.execute(f"attach {literal(str(built))} as gen")
    try:
        _fill(connection, records, parts, months, has_before=has_before)
        connection.execute("checkpoint gen")
    finally:
        connection.execute("use memory")
        connection.execute("detach gen")
        event_months.detach(connection, months)
        connection.execute(f"detach database if exists {BEFORE}")
    generations.publish(built, target)
    event_months.remove_unused(home, generations.remove_old(home))
    return generations.number_of(target)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a generation is made of besides landed rows and records."""

    marts: list[Mart]
    reports: Sequence[DeclaredReport]
    origin: str
    events: str


def _attach_before(
    home: Home, connection: duckdb.DuckDBPyConnection, parts: Parts
) -> tuple[list[Month], bool]:
    """The months of the generation before, if events and sums are made the same way now.

    It is attached as ``before`` when its marts are those of now, so that sums can be taken over.
    """
    try:
        path = generations.current_path(home)
        connection.execute(f"attach {literal(str(path))} as {BEFORE} (read_only)")
    except (NotFound, duckdb.Error):
        return [], False
    try:
        months = event_months.read_months(connection, BEFORE)
        found = connection.execute(f"select events, origin from {BEFORE}.generation").fetchall()
    except duckdb.Error:
        months, found = [], []
    is_same = bool(found) and found[0][0] == parts.events
    is_there = all((home.warehouse / month.file).exists() for month in months)
    if is_same and is_there and str(found[0][1]).endswith(_version(parts.marts)):
        return months, True
    connection.execute(f"detach {BEFORE}")
    return (months if is_same and is_there else []), False


def _fill(
    connection: duckdb.DuckDBPyConnection,
    records: Records | None,
    parts: Parts,
    months: list[Month],
    *,
    has_before: bool,
) -> None:
    connection.execute("use gen")
    for table in (*contracts(), *BOOKS):
        if table != event_months.KIND or not months:
            connection.execute(f"create table {quote(table)} as from {LANDED}.{quote(table)}")
    _name_months(connection, months)
    first, last = CALENDAR
    connection.execute(
        "create table calendar as select cast(day as date) as day from "
        f"generate_series(date '{first}', date '{last}', interval 1 day) t(day)"
    )
    copy_records(connection, records)
    copy_source_checks(connection, parts.reports)
    connection.execute(
        "create table generation (built_at timestamp, as_of date, origin varchar, events varchar)"
    )
    moment = datetime.now(UTC).replace(tzinfo=None)
    day = _as_of(connection, moment)
    connection.execute(
        "insert into generation values (?, ?, ?, ?)", [moment, day, parts.origin, parts.events]
    )
    for mart in parts.marts:
        _build_mart(connection, mart, parts.marts, months, has_before=has_before)
    if day is not None:
        precompute(connection, day)


def _name_months(connection: duckdb.DuckDBPyConnection, months: list[Month]) -> None:
    connection.execute("create table event_file (month date, file varchar)")
    for month in months:
        connection.execute("insert into event_file values (?, ?)", [month.first, month.file])
    if months:
        event_months.show(connection, months, event_months.KIND)


def _build_mart(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    marts: list[Mart],
    months: list[Month],
    *,
    has_before: bool,
) -> None:
    try:
        if mart.kept and months:
            event_months.show(connection, months, mart.name)
        elif mart.carried:
            build_carried(connection, mart, marts, has_before=has_before and bool(months))
        else:
            connection.execute(mart.sql)
    except duckdb.Error as error:
        raise BadInput(
            f"The mart {mart.name} cannot be built",
            f"The landed exports are kept; the warehouse stays as it was. {error}",
            where={"file": mart.file},
        ) from error


def _as_of(connection: duckdb.DuckDBPyConnection, moment: datetime) -> date | None:
    """The newest day on which any landed fact happened; days in the future are typing errors."""
    days = [
        f"select max(cast({quote(contract.dated)} as date)) from {quote(contract.kind)} "
        f"where cast({quote(contract.dated)} as date) <= date {literal(moment.date().isoformat())}"
        for contract in contracts().values()
        if contract.dated and contract.kind != event_months.KIND
    ]
    days.append(
        f"select max(day) from landed_day where day <= date {literal(moment.date().isoformat())}"
    )
    found = connection.execute(f"select max(day) from ({' union all '.join(days)}) t(day)")
    row = found.fetchone()
    return row[0] if row else None


def _origin(
    connection: duckdb.DuckDBPyConnection,
    records: Records | None,
    marts: list[Mart],
    reports: Sequence[DeclaredReport],
) -> str:
    """What a generation is made of, in one text: batches, ledger size, reports, marts, KPIs."""
    row = connection.execute(f"select count(*), max(loaded_at) from {LANDED}.loads").fetchone()
    batches = f"{row[0]} {row[1]}" if row else ""
    size = -1
    if records is not None:
        with records.read() as source:
            size = store.size(source)
    return f"batches {batches}; ledger {size}; reports {len(reports)}; {_version(marts)}"


def _version(marts: list[Mart]) -> str:
    kpis = hashlib.sha256("".join(kpi.sha256 for kpi in catalogue()).encode()).hexdigest()
    return f"marts {digest(marts)}; kpis {kpis}"


def is_by_this_version(home: Home) -> bool:
    """Whether the generation that counts, if there is one, has the marts and KPIs of this version."""
    try:
        path = generations.current_path(home)
    except NotFound:
        return True
    return path.exists() and _origin_of(path).endswith(_version(read_marts()))


def _standing(home: Home, origin: str) -> int | None:
    """The current generation, when it is made of the same."""
    try:
        path = generations.current_path(home)
    except NotFound:
        return None
    return generations.number_of(path) if path.exists() and _origin_of(path) == origin else None


def _origin_of(path: Path) -> str:
    """What a generation says it is made of; an empty text when it cannot be read."""
    with duckdb.connect(":memory:") as reader:
        try:
            reader.execute(f"attach {literal(str(path))} as standing (read_only)")
            row = reader.execute("select origin from standing.generation").fetchone()
        except duckdb.Error:
            return ""
    return str(row[0]) if row else ""
