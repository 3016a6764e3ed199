"""How each good record stands against what has landed before: new, same, changed or in conflict.

A fact never changes, except in the columns that its contract calls ``later`` (a case is closed, a
planned deletion is done); a filled value is never emptied again. A snapshot row may change freely.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.landing import FOREVER, HISTORY, LANDED

CONFLICT = "landed.conflict"
CONFLICT_WORDS = "the row contradicts one with the same key that landed before"


def compare(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make ``compared`` (line_no, standing) out of ``good`` and the landed table."""
    connection.execute(
        f"create or replace temp table compared as select good.line_no, {_standing(contract)} "
        f"as standing from good left join ({current(contract)}) old on {_same(contract.key)}"
    )


def current(contract: Contract) -> str:
    """The landed rows that count now."""
    table = f"select * from {LANDED}.{quote(contract.kind)}"
    if contract.mode == "append":
        return table
    return f"{table} where {HISTORY[1]} = date '{FOREVER}'"


def _standing(contract: Contract) -> str:
    others = [name for name in contract.names if name not in contract.key]
    later = [name for name in others if name in contract.later]
    fixed = [name for name in others if name not in contract.later]
    if contract.mode == "snapshot":
        return f"case when {_absent(contract)} then 'new' when {_same(others)} then 'same' else 'changed' end"
    emptied = " or ".join(
        f"(good.{quote(name)} is null and old.{quote(name)} is not null)" for name in later
    )
    return (
        f"case when {_absent(contract)} then 'new' when not ({_same(fixed)}) then 'conflict' "
        f"when {_same(later)} then 'same' when {emptied or 'false'} then 'conflict' "
        "else 'changed' end"
    )


def _absent(contract: Contract) -> str:
    return f"old.{quote(contract.key[0])} is null"


def _same(names: Iterable[str]) -> str:
    tests = [f"good.{quote(name)} is not distinct from old.{quote(name)}" for name in names]
    return " and ".join(tests) or "true"


def count_standing(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many good records stand how."""
    found = connection.execute("select standing, count(*) from compared group by standing")
    return {str(standing): int(count) for standing, count in found.fetchall()}


def drop_conflicts(connection: duckdb.DuckDBPyConnection) -> None:
    """Move records in conflict from ``good`` to the quarantined ones in ``judged``."""
    connection.execute(
        f"update judged set failed = list_append(failed, {literal(CONFLICT)}) where line_no in "
        "(select line_no from compared where standing = 'conflict')"
    )
    connection.execute(
        "delete from good where line_no in "
        "(select line_no from compared where standing = 'conflict')"
    )
