"""One way to ask the warehouse: named parameters in, plain rows out."""

from __future__ import annotations

from typing import Any

from duckdb import DuckDBPyConnection

Row = dict[str, Any]

NOW = "known_until = date '9999-12-31'"
"""The version of a snapshot row that is current (history is kept as known_from and known_until, half-open)."""


def rows(cursor: DuckDBPyConnection, sql: str, **values: Any) -> list[Row]:
    """Every row of the answer, by column name."""
    found = cursor.execute(sql, values) if values else cursor.execute(sql)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def one(cursor: DuckDBPyConnection, sql: str, **values: Any) -> Row | None:
    """The first row of the answer, if there is one."""
    return next(iter(rows(cursor, sql, **values)), None)


def count(cursor: DuckDBPyConnection, sql: str, **values: Any) -> int:
    """How many rows a query gives."""
    found = one(cursor, f"select count(*) as n from ({sql})", **values)
    return int(found["n"]) if found else 0
