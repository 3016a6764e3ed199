"""A warehouse from a few hand-written rows: every kind exists, what is not given is empty or plain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

import assessments.records  # noqa: F401
from dashboard.exports.catalogue import contracts
from dashboard.exports.column_types import items, landed_type, literal, quote
from dashboard.exports.contract import Column, Contract
from dashboard.warehouse.marts_order import read_marts
from dashboard.warehouse.record_copy import copy_records

Row = Mapping[str, str]
PLAIN = {
    "VARCHAR": "x",
    "BIGINT": "1",
    "DOUBLE": "0",
    "BOOLEAN": "true",
    "DATE": "2020-01-01",
    "TIMESTAMP": "2020-01-01T00:00:00",
}
LOADS = (
    "create table loads (batch_id varchar, kind varchar, path varchar, sha256 varchar, "
    "rows bigint, landed bigint, quarantined bigint, loaded_at timestamp)"
)


def tiny_warehouse(tables: Mapping[str, Sequence[Row]]) -> duckdb.DuckDBPyConnection:
    """The warehouse that a build would make of these rows, marts included.

    A required column that is not given holds a plain value; a snapshot row counts from ever on unless
    known_from and known_until say otherwise.
    """
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(LOADS)
    for contract in contracts().values():
        _make_kind(connection, contract, tables.get(contract.kind, ()))
    connection.execute(
        "create table calendar as select cast(day as date) as day from "
        "generate_series(date '2020-01-01', date '2030-12-31', interval 1 day) t(day)"
    )
    copy_records(connection, None)
    for name in tables.keys() - contracts().keys():
        _add_records(connection, name, tables[name])
    for mart in read_marts():
        connection.execute(mart.sql)
    return connection


def add_load(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    path: str,
    *,
    rows: int = 100,
    quarantined: int = 0,
    loaded_at: str = "2026-11-20 08:00:00",
) -> None:
    """One line of the book of loads."""
    connection.execute(
        "insert into loads values (?, ?, ?, ?, ?, ?, ?, ?)",
        [path, kind, path, "ab" * 32, rows, rows - quarantined, quarantined, loaded_at],
    )


def _make_kind(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: Sequence[Row]
) -> None:
    columns = [f"{quote(column.name)} {landed_type(column)}" for column in contract.columns]
    history = contract.mode == "snapshot"
    columns += [
        "batch_id varchar",
        "line_no bigint",
        *(["known_from date", "known_until date"] if history else []),
    ]
    connection.execute(f"create table {contract.kind} ({', '.join(columns)})")
    for row in rows:
        unknown = row.keys() - set(contract.names) - {"known_from", "known_until"}
        assert not unknown, f"{contract.kind} has no column {unknown}"
        values = [_value(column, row.get(column.name)) for column in contract.columns]
        values += ["'b1'", "1"]
        if history:
            values += [
                literal(row.get("known_from") or "1900-01-01"),
                literal(row.get("known_until") or "9999-12-31"),
            ]
        connection.execute(f"insert into {contract.kind} values ({', '.join(values)})")


def _value(column: Column, text: str | None) -> str:
    """The SQL value of a cell: empty is absent; a required column that is not given is plain."""
    if text is None and column.is_required and not column.is_list:
        text = column.allowed[0] if column.allowed else PLAIN[landed_type(column)]
    if column.is_list:
        given = items(column).replace(quote(column.name), literal(text or ""))
        return given if text else "cast([] as varchar[])"
    return f"cast({literal(text)} as {landed_type(column)})" if text else "null"


def _add_records(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    for row in rows:
        cells: list[Any] = [cell or None for cell in row.values()]
        places = ", ".join("?" for _ in cells)
        connection.execute(f"insert into {name} ({', '.join(row)}) values ({places})", cells)
