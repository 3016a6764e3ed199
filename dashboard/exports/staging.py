"""The records of a file as text, one row each, damaged ones included: read at once, or as they are judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from dashboard.exports.column_types import quote
from dashboard.exports.contract import Contract

BATCH = 20_000
BATCH_CHARACTERS = 32_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read. ``structure`` says why it could not be split into columns, if so."""

    line_no: int
    raw: str | None
    values: Mapping[str, str | None]
    structure: str | None = None
    extra: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A query that reads the records in order: raw, structure, extra and the columns of the kind.

    ``numbered`` gives each its ``line_no`` as well; ``query`` does when ``is_numbered``, else the first
    record is that of ``first_line`` and each following one stands one line further down, if the file has
    as many records as lines (``expected``).
    """

    query: str
    numbered: str
    is_numbered: bool = True
    first_line: int = 1
    expected: int | None = None
    extra: tuple[str, ...] = ()


STAGED = Stream("from staged", "from staged")


def create_staged(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """An empty table ``staged`` for the kind."""
    columns = ", ".join(f"{quote(name)} varchar" for name in contract.names)
    connection.execute(
        "create or replace temp table staged (line_no bigint, raw varchar, structure varchar, "
        f"extra varchar, {columns})"
    )


def pour(
    connection: duckdb.DuckDBPyConnection, contract: Contract, records: Iterable[Record]
) -> int:
    """Write records into ``staged`` in batches; returns how many."""
    remaining: Iterator[Record] = iter(records)
    total = 0
    while batch := _take(remaining):
        connection.register("batch", _arrow(contract, batch))
        cleaned = ", ".join(f"nullif(trim({quote(name)}), '')" for name in contract.names)
        connection.execute(
            f"insert into staged select line_no, raw, structure, extra, {cleaned} from batch"
        )
        connection.unregister("batch")
        total += len(batch)
    return total


def _take(records: Iterator[Record]) -> list[Record]:
    """The next batch, limited in records and in characters, so that memory stays bounded."""
    batch: list[Record] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.raw or "")
        if len(batch) >= BATCH or size >= BATCH_CHARACTERS:
            break
    return batch


def _arrow(contract: Contract, batch: list[Record]) -> pa.Table:
    columns = {
        "line_no": pa.array([record.line_no for record in batch], pa.int64()),
        "raw": pa.array([record.raw for record in batch], pa.string()),
        "structure": pa.array([record.structure for record in batch], pa.string()),
        "extra": pa.array([record.extra for record in batch], pa.string()),
    }
    for name in contract.names:
        columns[name] = pa.array([record.values.get(name) for record in batch], pa.string())
    return pa.table(columns)
