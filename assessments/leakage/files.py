"""Files as tables: which kinds are read, how, and their digests; everything quoted for SQL."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa

from assessments.errors import BadInput, NotFound

TEXT = (".csv", ".tsv", ".txt", ".gz")
READERS = {
    ".parquet": "read_parquet",
    ".json": "read_json",
    ".jsonl": "read_json",
    ".ndjson": "read_json",
}
SNIFFED_ROWS = 100_000
SNIFF_BELOW = 20_000_000


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a quoted SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def existing(table: str | Path) -> Path:
    """The absolute path of a file of a known kind."""
    path = Path(table).resolve()
    if not path.is_file():
        raise NotFound("This file does not exist.", where={"file": str(table)})
    if path.suffix.lower() not in {*READERS, *TEXT}:
        known = ", ".join([*TEXT, *READERS])
        raise BadInput(
            "This kind of file cannot be measured.", f"Known: {known}.", where={"file": str(table)}
        )
    return path


def reader(connection: duckdb.DuckDBPyConnection, file: Path, sniffed_rows: int) -> str:
    """The table function for a file; a text file is sniffed once, not at every scan."""
    path, kind = literal(str(file)), file.suffix.lower()
    if kind not in TEXT:
        return f"{READERS[kind]}({path})"
    sample = -1 if file.stat().st_size < SNIFF_BELOW else sniffed_rows
    found = connection.execute(
        f"""select Delimiter, Quote, Escape, SkipRows, HasHeader, Columns, DateFormat, TimestampFormat
            from sniff_csv({path}, sample_size = {sample})"""
    ).fetchone()
    delimiter, quote, escape, skip, header, columns, date, moment = found or ("",) * 8
    types = ", ".join(f"{literal(each['name'])}: {literal(each['type'])}" for each in columns)
    options = {
        "delim": delimiter,
        "quote": quote,
        "escape": escape,
        "dateformat": date,
        "timestampformat": moment,
    }
    said = [
        f"{name} = {literal(value)}"
        for name, value in options.items()
        if value and value != "(empty)"
    ]
    plain = f"auto_detect = false, header = {header}, skip = {skip}, columns = {{{types}}}"
    return f"read_csv({path}, {', '.join([plain, *said])})"


class _HashingSink:
    """A file that only digests what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Nothing is open."""


def digest(table: pa.Table) -> str:
    """SHA-256 of an Arrow table as a stream."""
    sink = _HashingSink()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as writer:
        writer.write_table(table)
    return sink.digest.hexdigest()
