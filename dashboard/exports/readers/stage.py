"""Stages a file for a contract: by its format, or by the reader of the system that it comes from."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import duckdb

from dashboard.exports.column_types import LIST_SEPARATOR, quote
from dashboard.exports.contract import Column, Contract
from dashboard.exports.correction import unguard
from dashboard.exports.mapping import read_mapping, stage_mapped
from dashboard.exports.readers import csv_file, parquet_file
from dashboard.exports.readers.formats import find_format
from dashboard.exports.readers.source import Reading, Source
from dashboard.exports.staging import Stream
from dashboard.exports.standing import current
from dashboard.exports.systems import catalogue
from dashboard.exports.systems.resources import ResourceMap, read_resources

T = TypeVar("T")


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> tuple[str, ...]:
    """Stage every record; returns the names of what the contract does not know."""
    reading = source.reading
    if reading is None:
        return find_format(source.path).stage(connection, source, contract)
    if reading.corrects is not None:
        extra = find_format(source.path).stage(connection, source, contract)
        unguard(connection, contract)
    elif reading.mapping is not None:
        extra = stage_mapped(connection, source, contract, read_mapping(Path(reading.mapping)))
    else:
        system = catalogue.SYSTEMS[str(reading.system)]
        extra = catalogue.stage(connection, source.path, system, resource_map(reading), contract)
    if contract.mode == "snapshot" and source.is_partial:
        _complete(connection, contract)
    return extra


def stream(source: Source, contract: Contract) -> Stream | None:
    """How to judge the records while they are read. Not where they must be known before: foreign files,
    parts of lists, and kinds whose records refer to each other."""
    if source.reading is not None or contract.kind in contract.refers_to:
        return None
    made = find_format(source.path).stream
    return made(source, contract) if made else None


def try_stream(source: Source, read: Callable[[], T]) -> T | None:
    """What comes out; nothing when the file has to be read line by line."""
    if source.path.suffix.lower() == ".parquet":
        with parquet_file.told(source):
            return read()
    try:
        return read()
    except csv_file.DAMAGE:
        return None


def resource_map(reading: Reading) -> ResourceMap:
    """The map that the reading names; empty when it names none."""
    return _read(reading.resources, reading.digest) if reading.resources else ResourceMap()


@lru_cache(maxsize=4)
def _read(path: str, digest: str) -> ResourceMap:
    return read_resources(Path(path))


def _complete(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Where the source says nothing about a row that stands, the standing value stays."""
    others = [column for column in contract.columns if column.name not in contract.key]
    kept = ", ".join(
        f"{quote(column.name)} = coalesce(staged.{quote(column.name)}, old.{quote(column.name)})"
        for column in others
    )
    texts = ", ".join(f"{_as_text(column)} as {quote(column.name)}" for column in contract.columns)
    same = " and ".join(f"staged.{quote(name)} = old.{quote(name)}" for name in contract.key)
    connection.execute(
        f"update staged set {kept} from (select {texts} from ({current(contract)})) old "
        f"where {same} and staged.structure is null"
    )


def _as_text(column: Column) -> str:
    name = quote(column.name)
    if column.is_list:
        return f"array_to_string({name}, '{LIST_SEPARATOR}')"
    if column.type == "timestamp":
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"cast({name} as varchar)"
