"""Writes good records into the landing store, within the transaction of their batch.

Snapshot: slowly changing rows of the second type. The rows of the first list of a kind are known from
1900-01-01, so that trends over older dated facts have an inventory to stand on; what a later list adds
or changes is valid from the day of that list, so that earlier days keep the answers that they gave. A row ends when a newer list no longer names it, unless the list
holds a damaged record that could be that row.
Append: new facts are added; of a fact brought up to date, the previous form is kept in ``superseded``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from dashboard.exports.column_types import key_text, literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.landing import FOREVER, HISTORY, LANDED
from dashboard.exports.standing import fresh

SINCE_EVER = "1900-01-01"


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of one kind, as of a day. Of a partial list, nothing ends by not being listed."""

    batch_id: str
    contract: Contract
    as_of: date
    is_partial: bool = False

    @property
    def table(self) -> str:
        return f"{LANDED}.{quote(self.contract.kind)}"

    def same_key(self, left: str, right: str) -> str:
        names = map(quote, self.contract.key)
        return " and ".join(f"{left}.{name} = {right}.{name}" for name in names)


def settle(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int:
    """Write ``good`` as ``compared`` says; returns how many rows ended."""
    if batch.contract.mode == "append":
        _append(connection, batch)
        return 0
    return _replace(connection, batch)


def _append(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    changed = "select line_no from compared where standing = 'changed'"
    if connection.execute(f"{changed} limit 1").fetchone() is not None:
        new = f"(from good where line_no in ({changed})) new"
        _retire(
            connection, batch, f"exists (select 1 from {new} where {batch.same_key('new', 'old')})"
        )
    names = ", ".join(map(quote, batch.contract.names))
    connection.execute(
        f"insert into {batch.table} by name select {names}, {literal(batch.batch_id)} as batch_id, "
        f"line_no from good where {fresh(connection)}"
    )


def _retire(connection: duckdb.DuckDBPyConnection, batch: Batch, condition: str) -> None:
    """Take rows out of the table and keep their form in ``superseded``."""
    connection.execute(
        f"insert into {LANDED}.superseded select {literal(batch.contract.kind)}, old.batch_id, "
        f"{literal(batch.batch_id)}, old.line_no, cast(to_json(old) as varchar) "
        f"from {batch.table} old where {condition}"
    )
    connection.execute(f"delete from {batch.table} old where {condition}")


def _replace(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int:
    since, until = HISTORY
    day, names = literal(batch.as_of.isoformat()), ", ".join(map(quote, batch.contract.names))
    first = literal(_first_day(connection, batch))
    connection.execute(
        f"create or replace temp table fresh as select new.*, case when {day} > {first} or exists "
        f"(select 1 from {batch.table} old where {batch.same_key('old', 'new')}) then date {day} "
        f"else date '{SINCE_EVER}' end as since from (from good where {fresh(connection)}) new"
    )
    _find_closing(connection, batch, until)
    counted = connection.execute("select count(*) from closing where is_gone").fetchone()
    match = f"old.{until} = date '{FOREVER}' and exists (select 1 from closing where "
    match += f"{batch.same_key('closing', 'old')})"
    _retire(connection, batch, f"{match} and old.{since} >= date {day}")
    connection.execute(f"update {batch.table} old set {until} = date {day} where {match}")
    connection.execute(
        f"insert into {batch.table} by name select {names}, {literal(batch.batch_id)} as batch_id, "
        f"line_no, since as {since}, date '{FOREVER}' as {until} from fresh order by line_no"
    )
    return int(counted[0]) if counted else 0


def _first_day(connection: duckdb.DuckDBPyConnection, batch: Batch) -> str:
    """The day of the first list of the kind; rows corrected on that day belong to it."""
    found = connection.execute(
        f"select cast(min(as_of) as varchar) from {LANDED}.loads where kind = ?",
        [batch.contract.kind],
    ).fetchone()
    return str(found[0]) if found and found[0] else batch.as_of.isoformat()


def _find_closing(connection: duckdb.DuckDBPyConnection, batch: Batch, until: str) -> None:
    """``closing``: keys whose version ends, because it changed or because it is no longer listed."""
    key = ", ".join(f"old.{quote(name)}" for name in batch.contract.key)
    texts = {name: key_text(batch.contract, name) for name in batch.contract.key}
    listed = " and ".join(
        f"cast(old.{quote(name)} as varchar) = judged.{text}" for name, text in texts.items()
    )
    unreadable = " or ".join(f"{text} is null" for text in texts.values())
    connection.execute(
        f"create or replace temp table closing as "
        f"with standing as (select * from {batch.table} where {until} = date '{FOREVER}'), "
        f"unreadable as (select 1 from judged where structure is not null or {unreadable} limit 1) "
        f"select {key}, true as is_gone from standing old "
        f"where {'false' if batch.is_partial else 'true'} "
        f"and not exists (select 1 from judged where {listed}) "
        "and not exists (select 1 from unreadable) "
        f"union all select {key}, false from standing old "
        f"where exists (select 1 from fresh where {batch.same_key('fresh', 'old')})"
    )
