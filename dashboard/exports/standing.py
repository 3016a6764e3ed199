"""How each good record stands against what has landed before: new, same, changed or in conflict.

A fact never changes, except in the columns that its contract calls ``later`` (a case is closed, a
planned deletion is done); a filled value is never emptied again. A snapshot row may change freely.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.judge import offer_good
from dashboard.exports.landing import FOREVER, HISTORY, LANDED

CONFLICT = "landed.conflict"
CONFLICT_WORDS = "the row contradicts one with the same key that landed before"


def compare(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make ``compared`` (line_no, standing): the good records whose key has landed before."""
    connection.execute(
        f"create or replace temp table compared as select good.line_no, {_standing(contract)} "
        f"as standing from good join ({current(contract)}) old on {_same_key(contract.key)}"
    )


def fresh(connection: duckdb.DuckDBPyConnection) -> str:
    """The condition for good records that are new or changed."""
    same = connection.execute("select 1 from compared where standing = 'same' limit 1").fetchone()
    if same is None:
        return "true"
    return "line_no not in (select line_no from compared where standing = 'same')"


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
        return f"case when {_same(others)} then 'same' else 'changed' end"
    emptied = " or ".join(
        f"(good.{quote(name)} is null and old.{quote(name)} is not null)" for name in later
    )
    return (
        f"case when not ({_same(fixed)}) then 'conflict' "
        f"when {_same(later)} then 'same' when {emptied or 'false'} then 'conflict' "
        "else 'changed' end"
    )


def _same_key(names: Iterable[str]) -> str:
    """Plain equality, which the engine can hash and prune by; a key that is empty is new."""
    return " and ".join(f"good.{quote(name)} = old.{quote(name)}" for name in names)


def _same(names: Iterable[str]) -> str:
    tests = [f"good.{quote(name)} is not distinct from old.{quote(name)}" for name in names]
    return " and ".join(tests) or "true"


def count_standing(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many good records that landed before stand how."""
    found = connection.execute("select standing, count(*) from compared group by standing")
    return {str(standing): int(count) for standing, count in found.fetchall()}


def drop_conflicts(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Take records in conflict out of ``good``."""
    connection.execute(
        f"insert into late select line_no, {literal(CONFLICT)} from compared "
        "where standing = 'conflict'"
    )
    offer_good(connection, contract)
