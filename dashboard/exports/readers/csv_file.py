"""CSV with a stated dialect. Fast when every line is sound, line by line when one is not.

The fast path asks DuckDB for the whole file and believes it only when it returns exactly one record
a physical line: an unterminated quote makes CSV readers swallow lines without a word. Otherwise each
physical line is parsed by itself, so that damage stays on the line where it is.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb

from assessments.errors import BadInput
from dashboard.exports.column_types import literal, quote
from dashboard.exports.contract import Contract, Dialect
from dashboard.exports.lines import LINE_LIMIT, Line, read_lines
from dashboard.exports.readers.source import Mapping, Source, match_header
from dashboard.exports.staging import Record, Stream, create_staged, pour

JOINED_LINES = 100

TOO_LONG = f"the line is longer than {LINE_LIMIT} bytes"
BAD_ENCODING = "the line is not valid in the encoding of the file"
BAD_QUOTES = "a quote or a line end stands in the wrong place"
BAD_COUNT = "the line does not have as many fields as the header"

DAMAGE = (duckdb.InvalidInputException, duckdb.ConversionException)

csv.field_size_limit(LINE_LIMIT * 2)


def read_header(source: Source) -> tuple[str, ...]:
    """The names in the first line."""
    first = next((line for line in read_lines(source.path)), None)
    if first is None or (first.is_blank and source.fingerprint.lines == 1):
        raise BadInput("The file is empty", where={"file": source.name})
    text = None if first.is_too_long else _decode(first, source.dialect)
    fields = _split(text, source.dialect) if text is not None else None
    if fields is None:
        raise BadInput(
            "The header cannot be read", TOO_LONG if first.is_too_long else BAD_ENCODING,
            where={"file": source.name, "line": 1},
        )  # fmt: skip
    return tuple(name.strip() for name in fields)


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> tuple[str, ...]:
    """Stage every record; returns the names of the extra columns."""
    fast = stream(source, contract)
    if fast is None or not _stage_fast(connection, fast):
        stage_by_line(connection, source, contract)
    return match_header(source, contract, read_header(source)).extra


def stage_by_line(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> None:
    """Stage every record, each physical line parsed by itself."""
    create_staged(connection, contract)
    mapping = match_header(source, contract, read_header(source))
    pour(connection, contract, _records(source, mapping))


def _stage_fast(connection: duckdb.DuckDBPyConnection, fast: Stream) -> bool:
    """Whether DuckDB read one record from each physical line."""
    try:
        connection.execute(f"create or replace temp table staged as {fast.numbered}")
    except DAMAGE:
        return False
    return connection.execute("select count(*) from staged").fetchone() == (fast.expected,)


def stream(source: Source, contract: Contract) -> Stream | None:
    """The query for the whole file, where each record may be a line; believe it by its count only."""
    seen, dialect = source.fingerprint, source.dialect
    mapping = match_header(source, contract, read_header(source))
    if (
        seen.line_end is None
        or seen.has_mark
        or seen.longest_line > LINE_LIMIT
        or dialect.encoding != "utf-8"
        or len(mapping.header) < 2
    ):
        return None
    columns, rows = _fast_query(source, contract, mapping, seen.line_end)
    return Stream(
        f"select {columns} from {rows}",
        f"select row_number() over () + 1 as line_no, {columns} from {rows}",
        is_numbered=False,
        first_line=2,
        expected=seen.lines - 1,
        extra=mapping.extra,
    )


def _fast_query(
    source: Source, contract: Contract, mapping: Mapping, line_end: str
) -> tuple[str, str]:
    """What to select, and from what."""
    names = {name: f"c{position}" for position, name in enumerate(mapping.header)}
    columns = ", ".join(f"'{short}': 'VARCHAR'" for short in names.values())
    cell = "{}" if source.fingerprint.is_tidy else "trim({})"
    picked = ", ".join(
        f"nullif({cell.format(names[name])}, '') as {quote(name)}"
        if name in names
        else f"null::varchar as {quote(name)}"
        for name in contract.names
    )
    pairs = ", ".join(f"{literal(name)}: {names[name]}" for name in mapping.extra)
    extra = f"cast(to_json({{{pairs}}}) as varchar)" if pairs else "null::varchar"
    dialect = source.dialect
    return (
        f"null::varchar as raw, null::varchar as structure, {extra} as extra, {picked}",
        f"read_csv({literal(str(source.path))}, auto_detect = false, header = false, skip = 1, "
        f"columns = {{{columns}}}, delim = {literal(dialect.delimiter)}, "
        f"quote = {literal(dialect.quote)}, escape = {literal(dialect.quote)}, nullstr = '', "
        f"new_line = '{line_end}', strict_mode = true, max_line_size = {2 * LINE_LIMIT})",
    )


@dataclass(slots=True)
class _Ahead:
    """Lines with a look ahead, for quoted fields that span lines."""

    lines: Iterator[Line]
    waiting: deque[Line] = field(default_factory=deque)

    def take(self) -> Line | None:
        return self.waiting.popleft() if self.waiting else next(self.lines, None)

    def peek(self, position: int) -> Line | None:
        while len(self.waiting) <= position:
            following = next(self.lines, None)
            if following is None:
                return None
            self.waiting.append(following)
        return self.waiting[position]

    def drop(self, count: int) -> None:
        for _ in range(count):
            self.waiting.popleft()


def _records(source: Source, mapping: Mapping) -> Iterator[Record]:
    ahead = _Ahead(read_lines(source.path))
    ahead.take()
    while line := ahead.take():
        if not line.is_blank:
            yield _record(line, ahead, source.dialect, mapping)


def _record(line: Line, ahead: _Ahead, dialect: Dialect, mapping: Mapping) -> Record:
    if line.is_too_long:
        return Record(line.number, line.shown(), {}, TOO_LONG)
    text = _decode(line, dialect)
    if text is None:
        return Record(line.number, line.shown(), {}, BAD_ENCODING)
    fields = _split(text, dialect)
    if fields is None and text.count(dialect.quote) % 2:
        text, fields = _join(text, ahead, dialect, len(mapping.header))
    if fields is None:
        return Record(line.number, text, {}, BAD_QUOTES)
    if len(fields) != len(mapping.header):
        return Record(line.number, text, {}, BAD_COUNT)
    values = dict(zip(mapping.header, fields, strict=True))
    extra = json.dumps({name: values[name] for name in mapping.extra}) if mapping.extra else None
    return Record(line.number, text, values, None, extra)


def _join(text: str, ahead: _Ahead, dialect: Dialect, width: int) -> tuple[str, list[str] | None]:
    """A quoted field may span lines, if the quote closes soon and the record then has its width."""
    joined, size = text, len(text)
    for position in range(JOINED_LINES):
        following = ahead.peek(position)
        if following is None or following.is_too_long:
            break
        more = _decode(following, dialect)
        if more is None or (size := size + len(more)) > LINE_LIMIT:
            break
        joined += "\n" + more
        if joined.count(dialect.quote) % 2 == 0:
            fields = _split(joined, dialect)
            if fields is None or len(fields) != width:
                break
            ahead.drop(position + 1)
            return joined, fields
    return text, None


def _decode(line: Line, dialect: Dialect) -> str | None:
    try:
        return line.data.decode(dialect.encoding)
    except UnicodeDecodeError:
        return None


def _split(text: str, dialect: Dialect) -> list[str] | None:
    if dialect.quote not in text and "\r" not in text:
        return text.split(dialect.delimiter)
    reader = csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
