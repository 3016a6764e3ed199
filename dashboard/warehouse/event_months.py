"""The audit log beside the generations: one file a month with its events and their daily sums.

A generation names the files that it reads; a file never changes. New events cost their month a copy and
their day its sums; late events cost the days that they touch. A month that lost events is written from
what is landed, so that none of their bytes stays. Every other month stays as it is. What a day holds is
known by a mark over its landed rows, so no event can be missed or kept.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from assessments.files import flush
from assessments.settings import Home
from dashboard.exports.column_types import literal
from dashboard.exports.landing import LANDED
from dashboard.warehouse.marts_order import Mart

KIND = "access_events"
USE = "access_use"
STATE = "day_state"
TOUCHED = "select day from touched_day"
LANDED_DAYS = f"""
create or replace temp table landed_day as
select cast(ts as date) as day, count(*) as events, bit_xor(hash(batch_id, line_no)) as mark
from {LANDED}.{KIND} group by cast(ts as date)
"""


@dataclass(frozen=True, slots=True)
class Month:
    """The events of one month and their sums, in a file of their own."""

    first: date
    file: str

    @property
    def alias(self) -> str:
        return f"events_{self.first:%Y_%m}"


def version(connection: duckdb.DuckDBPyConnection, marts: Iterable[Mart]) -> str:
    """Changes when the columns of an event or the text of a sum change."""
    columns = connection.execute(f"select * from {LANDED}.{KIND} limit 0").description or []
    texts = [mart.sql for mart in marts if mart.kept or mart.name == USE]
    return hashlib.sha256("\n".join([*map(str, columns), *texts]).encode()).hexdigest()


def read_months(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[Month]:
    """The files that a generation reads; none when it is older than they are."""
    try:
        found = connection.execute(f"select month, file from {catalog}.event_file order by month")
    except duckdb.CatalogException:
        return []
    return [Month(*row) for row in found.fetchall()]


def attach(connection: duckdb.DuckDBPyConnection, folder: Path, months: Iterable[Month]) -> None:
    """Open the files for reading, each under the name that the generation's views use."""
    for month in months:
        path = literal(str(folder / month.file))
        connection.execute(f"attach {path} as {month.alias} (read_only)")


def detach(connection: duckdb.DuckDBPyConnection, months: Iterable[Month]) -> None:
    for month in months:
        connection.execute(f"detach {month.alias}")


def refresh(
    home: Home,
    connection: duckdb.DuckDBPyConnection,
    standing: Sequence[Month],
    marts: Sequence[Mart],
    number: int,
) -> list[Month]:
    """Write the months anew that hold a day whose landed events are not those of its file.

    All months are attached afterwards; ``touched_day`` names the days that were redone.
    """
    months = {month.first: month for month in standing}
    attach(connection, home.warehouse, standing)
    _find_touched(connection, standing)
    for first in _touched_months(connection):
        before = months.pop(first, None)
        if before is not None:
            has_lost = _has_lost(connection, before)
            detach(connection, [before])
            if has_lost:
                _touch_whole(connection, first)
                before = None
        if _has_events(connection, first):
            month = Month(first, f"events-{first:%Y-%m}-{number:06}.duckdb")
            _write(home.warehouse, connection, month, before, marts)
            months[first] = month
    return [months[first] for first in sorted(months)]


def _find_touched(connection: duckdb.DuckDBPyConnection, months: Sequence[Month]) -> None:
    connection.execute(LANDED_DAYS)
    known = [f"from {month.alias}.{STATE}" for month in months] or ["from landed_day limit 0"]
    connection.execute(
        "create or replace temp table touched_day as select coalesce(a.day, b.day) as day "
        f"from landed_day a full join ({' union all '.join(known)}) b on a.day = b.day "
        "where a.events is distinct from b.events or a.mark is distinct from b.mark"
    )


def _has_lost(connection: duckdb.DuckDBPyConnection, month: Month) -> bool:
    """Whether landed rows were withdrawn: then no copy is made, so that none of their bytes stays."""
    rows = f"select batch_id, line_no from {{}}.{KIND} where cast(ts as date) in ({TOUCHED})"
    found = connection.execute(
        f"{rows.format(month.alias)} except {rows.format(LANDED)} limit 1"
    ).fetchone()
    return found is not None


def _touch_whole(connection: duckdb.DuckDBPyConnection, first: date) -> None:
    connection.execute(
        "insert into touched_day select day from landed_day "
        f"where date_trunc('month', day) = ? and day not in ({TOUCHED})",
        [first],
    )


def _touched_months(connection: duckdb.DuckDBPyConnection) -> list[date]:
    found = connection.execute(
        "select distinct cast(date_trunc('month', day) as date) as first from touched_day order by first"
    )
    return [first for (first,) in found.fetchall()]


def _has_events(connection: duckdb.DuckDBPyConnection, first: date) -> bool:
    found = connection.execute(
        "select 1 from landed_day where date_trunc('month', day) = ? limit 1", [first]
    )
    return found.fetchone() is not None


def _write(
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    month: Month,
    before: Month | None,
    marts: Sequence[Mart],
) -> None:
    target = folder / month.file
    built = target.with_suffix(".new")
    built.unlink(missing_ok=True)
    if before is not None:
        shutil.copyfile(folder / before.file, built)
    connection.execute(f"attach {literal(str(built))} as {month.alias}")
    connection.execute(f"use {month.alias}")
    try:
        _fill_events(connection, month)
        _fill_sums(connection, month, marts)
        connection.execute(f"checkpoint {month.alias}")
    finally:
        connection.execute("use memory")
        detach(connection, [month])
    flush(built)
    built.rename(target)
    attach(connection, folder, [month])


def _fill_events(connection: duckdb.DuckDBPyConnection, month: Month) -> None:
    """The touched days of the month as they are landed now, in order of time."""
    table, source = f"{month.alias}.{KIND}", f"{LANDED}.{KIND}"
    state = f"{month.alias}.{STATE}"
    connection.execute(f"create table if not exists {table} as from {source} limit 0")
    connection.execute(f"create table if not exists {state} as from landed_day limit 0")
    span = connection.execute(
        "select min(day), max(day) + 1 from touched_day where date_trunc('month', day) = ?",
        [month.first],
    ).fetchall()[0]
    touched = f"ts >= ? and ts < ? and cast(ts as date) in ({TOUCHED})"
    connection.execute(f"delete from {table} where {touched}", span)
    connection.execute(
        f"insert into {table} by name from {source} where {touched} order by ts, event_id", span
    )
    connection.execute(f"delete from {state} where day in ({TOUCHED})")
    connection.execute(
        f"insert into {state} from landed_day where day in ({TOUCHED}) "
        "and date_trunc('month', day) = ? order by day",
        [month.first],
    )


def _fill_sums(connection: duckdb.DuckDBPyConnection, month: Month, marts: Sequence[Mart]) -> None:
    """The text of each sum runs on the touched days alone: views of their names hide the others."""
    use = next(mart for mart in marts if mart.name == USE)
    connection.execute(
        f"create temp view {KIND} as from {month.alias}.{KIND} "
        f"where cast(ts as date) in ({TOUCHED})"
    )
    connection.execute(f"create temp view {USE} as {use.select}")
    for mart in marts:
        table = f"{month.alias}.{mart.name}"
        if mart.kept == "day":
            connection.execute(
                f"create table if not exists {table} as from ({mart.select}) limit 0"
            )
            connection.execute(f"delete from {table} where day in ({TOUCHED})")
            connection.execute(f"insert into {table} {mart.select}")
    connection.execute(f"drop view temp.{USE}")
    connection.execute(f"drop view temp.{KIND}")
    for mart in marts:
        if mart.kept == "month":
            connection.execute(
                f"create or replace table {month.alias}.{mart.name} as {mart.select}"
            )


def show(connection: duckdb.DuckDBPyConnection, months: Sequence[Month], table: str) -> None:
    """A view over one table of every month in the generation that is being built."""
    parts = " union all ".join(f"from {month.alias}.{table}" for month in months)
    connection.execute(f"create view {table} as {parts}")


def remove_unused(home: Home, generations: Iterable[Path]) -> None:
    """Remove the files that no kept generation reads, and what an interrupted build left."""
    used: set[str] = set()
    with duckdb.connect(":memory:") as reader:
        for path in generations:
            reader.execute(f"attach {literal(str(path))} as kept (read_only)")
            used |= {month.file for month in read_months(reader, "kept")}
            reader.execute("detach kept")
    for path in home.warehouse.glob("events-*"):
        if path.name not in used:
            path.unlink(missing_ok=True)
