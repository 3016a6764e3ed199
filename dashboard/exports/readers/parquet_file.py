"""Parquet: typed columns become the same texts as elsewhere, so that one set of rules holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assessments.errors import BadInput
from dashboard.exports.column_types import LIST_SEPARATOR, literal, quote
from dashboard.exports.contract import Contract
from dashboard.exports.readers.source import Source, match_header
from dashboard.exports.staging import Stream


def read_header(source: Source) -> tuple[str, ...]:
    """The names of the schema."""
    return tuple(_schema(source).names)


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> tuple[str, ...]:
    """Stage every row, numbered from 1; returns the names of the extra columns."""
    fast = stream(source, contract)
    with told(source):
        connection.execute(f"create or replace temp table staged as {fast.query}")
    return fast.extra


def stream(source: Source, contract: Contract) -> Stream:
    """The query for the whole file."""
    schema = _schema(source)
    mapping = match_header(source, contract, schema.names)
    picked = ", ".join(_picked(contract, schema))
    pairs = ", ".join(f"{literal(name)}: {quote(name)}" for name in mapping.extra)
    extra = f"cast(to_json({{{pairs}}}) as varchar)" if pairs else "null::varchar"
    query = (
        f"select file_row_number + 1 as line_no, null::varchar as raw, null::varchar as structure, "
        f"{extra} as extra, {picked} "
        f"from read_parquet({literal(str(source.path))}, file_row_number = true)"
    )
    return Stream(query, query, extra=mapping.extra)


@contextmanager
def told(source: Source) -> Iterator[None]:
    """What the engine says about a damaged file, said of the file."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        if "space" in str(error):
            raise
        raise _unreadable(source) from error


def _schema(source: Source) -> pa.Schema:
    try:
        return pq.read_schema(source.path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(source) from error


def _unreadable(source: Source) -> BadInput:
    return BadInput(
        "This Parquet file cannot be read",
        "It is empty, cut off or damaged. The whole file was left aside; nothing was loaded.",
        where={"file": source.name},
    )


def _picked(contract: Contract, schema: pa.Schema) -> Iterator[str]:
    for name in contract.names:
        if name not in schema.names:
            yield f"null::varchar as {quote(name)}"
            continue
        yield f"nullif(trim({_as_text(schema.field(name))}), '') as {quote(name)}"


def _as_text(field: pa.Field) -> str:
    name, type_ = quote(field.name), field.type
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return f"array_to_string({name}, '{LIST_SEPARATOR}')"
    if pa.types.is_timestamp(type_):
        return f"strftime({name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')" if type_.tz else (
            f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
        )  # fmt: skip
    return f"cast({name} as varchar)"
