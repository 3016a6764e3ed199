"""JSON: one object a line (JSON Lines), or one array of objects in a file of moderate size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from assessments.errors import BadInput
from dashboard.exports.column_types import LIST_SEPARATOR
from dashboard.exports.contract import Contract
from dashboard.exports.lines import read_lines
from dashboard.exports.readers.csv_file import BAD_ENCODING, TOO_LONG
from dashboard.exports.readers.source import Source, match_header
from dashboard.exports.readers.strict_json import RepeatedNameError, once, refuse
from dashboard.exports.staging import Record, create_staged, pour

ARRAY_LIMIT = 256 << 20
HEADER_RECORDS = 1000

NOT_JSON = "this is not a JSON object"
REPEATED = "the object names a column twice"
BAD_TEXT = "a text holds half a character (a lone surrogate)"
SEPARATOR = f"an item of a list holds {LIST_SEPARATOR!r}"


def read_header(source: Source) -> tuple[str, ...]:
    """The names that occur in the first records, in order of appearance."""
    names: dict[str, None] = {}
    for position, (_, _, value) in enumerate(_objects(source)):
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
        if position >= HEADER_RECORDS:
            break
    if not names:
        raise BadInput(
            "The file is empty or holds no JSON objects",
            "One object a line, or one array of objects, is expected.",
            where={"file": source.name},
        )
    return tuple(names)


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> tuple[str, ...]:
    """Stage every object; returns the names of the extra columns."""
    mapping = match_header(source, contract, read_header(source))
    create_staged(connection, contract)
    pour(connection, contract, _records(source, contract))
    return mapping.extra


def _records(source: Source, contract: Contract) -> Iterator[Record]:
    known = set(contract.names)
    for number, raw, value in _objects(source):
        if isinstance(value, dict):
            yield _record(number, raw, value, known)
        else:
            yield Record(number, raw, {}, str(value))


def _record(number: int, raw: str, value: dict[str, Any], known: set[str]) -> Record:
    try:
        values = {name: as_text(item) for name, item in value.items() if name in known}
        rest = {name: item for name, item in value.items() if name not in known}
        extra = json.dumps(rest) if rest else None
    except (ValueError, RecursionError) as error:
        reason = SEPARATOR if str(error) == SEPARATOR else NOT_JSON
        return Record(number, raw, {}, reason)
    if any(not _is_unicode(text) for text in values.values() if text):
        return Record(number, raw, {}, BAD_TEXT)
    return Record(number, raw, values, None, extra)


def _objects(source: Source) -> Iterator[tuple[int, str, dict[str, Any] | str]]:
    """Number, raw text, and the object or the reason why there is none."""
    if _is_array(source.path):
        yield from _array(source)
        return
    for line in read_lines(source.path):
        if line.is_blank:
            continue
        if line.is_too_long:
            yield line.number, line.shown(), TOO_LONG
            continue
        yield line.number, line.shown(), _parse(line.data)


def _parse(data: bytes) -> dict[str, Any] | str:
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)
    except UnicodeDecodeError:
        return BAD_ENCODING
    except RepeatedNameError:
        return REPEATED
    except (ValueError, RecursionError):
        return NOT_JSON
    return value if isinstance(value, dict) else NOT_JSON


def _is_array(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _array(source: Source) -> Iterator[tuple[int, str, dict[str, Any] | str]]:
    where = {"file": source.name}
    if source.fingerprint.size > ARRAY_LIMIT:
        raise BadInput(
            "This JSON array is too large to read as one",
            "Write one object a line (JSON Lines) instead; that has no limit.",
            where=where,
        )
    try:
        found = json.loads(source.path.read_text(encoding="utf-8-sig"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise BadInput(
            "This is not valid JSON",
            "The whole file was left aside; nothing was loaded.",
            where={**where, "line": line} if line else where,
        ) from error
    for number, value in enumerate(found, start=1):
        raw = json.dumps(value)
        yield number, raw, value if isinstance(value, dict) else NOT_JSON


def as_text(value: Any) -> str | None:
    """A JSON value as the text that the rules see; a list becomes its items, separated."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        parts = [as_text(item) or "" for item in value]
        if any(LIST_SEPARATOR in part for part in parts):
            raise ValueError(SEPARATOR)
        return LIST_SEPARATOR.join(parts)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
