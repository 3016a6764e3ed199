"""Tables under measurement: a path, Arrow, pandas or DuckDB relation, opened for SQL out of core.

Every column is renamed to ``c0, c1, ...`` inside the database, so that no name from a file or a
user is part of a later query. The connection is in memory, bounded, sees only the named files,
and cannot be reconfigured.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

from assessments.errors import BadInput, NotFound
from assessments.leakage.measurement import Source

Data: TypeAlias = "str | Path | pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation"

IN_MEMORY = "(in memory)"
MEMORY_LIMIT = "1GB"
NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
           "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip
ORDERED = (*NUMERIC, "DATE", "TIME")
TEXT = (".csv", ".tsv", ".txt", ".gz")
READERS = {
    ".parquet": "read_parquet",
    ".json": "read_json",
    ".jsonl": "read_json",
    ".ndjson": "read_json",
}
SNIFFED_ROWS = 100_000
SNIFF_BELOW = 20_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the user names it, the name it has in SQL, and its type."""

    name: str
    sql: str
    type: str

    @property
    def is_numeric(self) -> bool:
        """Whether distances between values mean something."""
        return self.type.startswith(NUMERIC)

    @property
    def is_ordered(self) -> bool:
        """Whether the values have a natural order beyond spelling."""
        return self.type.startswith(ORDERED)


@dataclass(frozen=True, slots=True)
class Relation:
    """One table inside the measuring database; ``view`` is its name in SQL."""

    connection: duckdb.DuckDBPyConnection
    view: str
    path: str
    sha256: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of exactly that name."""
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}? " if near else ""
        shown = f"{hint}Columns: {', '.join(names)}."
        raise NotFound(
            f"No column is called {name}.", shown, where={"file": self.path, "column": name}
        )

    def pick(self, names: Sequence[str]) -> tuple[Column, ...]:
        """Several columns; naming one twice, or none, is refused."""
        if not names:
            raise BadInput("At least one column has to be named.", where={"file": self.path})
        if len(set(names)) < len(names):
            twice = next(name for name in names if list(names).count(name) > 1)
            raise BadInput("A column is named twice.", where={"file": self.path, "column": twice})
        return tuple(self.column(name) for name in names)

    def rows(self) -> int:
        """How many rows the table has."""
        return int(self.scalar(f"select count(*) from {self.view}"))

    def scalar(self, query: str) -> Any:
        """The single value a query answers."""
        row = self.connection.execute(query).fetchone()
        return row[0] if row else None

    def source(self, rows: int) -> Source:
        """The origin that a measurement carries."""
        return Source(self.path, self.sha256, rows)


@contextmanager
def open_relation(data: Data) -> Iterator[Relation]:
    """Open one table; see :func:`open_relations`."""
    with open_relations(data) as (relation,):
        yield relation


@contextmanager
def open_relations(*tables: Data, ordered: bool = False) -> Iterator[tuple[Relation, ...]]:
    """Open several tables in one database that is closed and forgotten at the end.

    ``ordered`` keeps the rows in the order of the file, which seeded sampling needs.
    """
    files = [_file(table) for table in tables]
    with tempfile.TemporaryDirectory(prefix="leakage-") as spill:
        connection = connect(Path(spill), [file for file in files if file], ordered=ordered)
        try:
            pairs = enumerate(zip(tables, files, strict=True))
            yield tuple(
                _load(connection, f"source{i}", table, file, ordered) for i, (table, file) in pairs
            )
        except duckdb.OutOfMemoryException as error:
            raise BadInput("This table needs more memory than is allowed.", str(error)) from error
        finally:
            connection.close()


def connect(
    spill: Path, files: Sequence[Path] = (), *, ordered: bool = False
) -> duckdb.DuckDBPyConnection:
    """An in-memory database that reads the named files only, and whose settings are locked."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": min(4, os.cpu_count() or 1),
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "preserve_insertion_order": ordered,
            "python_enable_replacements": False,
        },
    )
    allowed = ", ".join(literal(str(path)) for path in files)
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a quoted SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _file(table: Data) -> Path | None:
    if not isinstance(table, (str, Path)):
        return None
    path = Path(table).resolve()
    if not path.is_file():
        raise NotFound("This file does not exist.", where={"file": str(table)})
    if path.suffix.lower() not in {*READERS, *TEXT}:
        known = ", ".join([*TEXT, *READERS])
        raise BadInput(
            "This kind of file cannot be measured.", f"Known: {known}.", where={"file": str(table)}
        )
    return path


def _load(
    connection: duckdb.DuckDBPyConnection, view: str, table: Data, file: Path | None, thorough: bool
) -> Relation:
    if file is None:
        arrow = _arrow(table)
        names, digest, path = arrow.column_names, _digest(arrow), IN_MEMORY
        connection.register(view, arrow.rename_columns([f"c{i}" for i in range(len(names))]))
    else:
        names, digest, path = (
            _view(connection, view, file, -1 if thorough else SNIFFED_ROWS),
            _file_digest(file),
            str(table),
        )
    described = connection.execute(f"describe {view}").fetchall()
    columns = tuple(
        Column(name, row[0], str(row[1])) for name, row in zip(names, described, strict=True)
    )
    return Relation(connection, view, path, digest, columns)


def reread(relation: Relation) -> Relation:
    """The same text file with the types that all its rows allow, for when the first ones misled."""
    _view(relation.connection, relation.view, Path(relation.path).resolve(), sniffed_rows=-1)
    return relation


def _view(
    connection: duckdb.DuckDBPyConnection, view: str, file: Path, sniffed_rows: int = SNIFFED_ROWS
) -> list[str]:
    try:
        reader = _reader(connection, file, sniffed_rows)
        names = [
            str(row[0]) for row in connection.execute(f"describe select * from {reader}").fetchall()
        ]
        renamed = ", ".join(f"{identifier(name)} as c{i}" for i, name in enumerate(names))
        connection.execute(f"create or replace temp view {view} as select {renamed} from {reader}")
    except duckdb.Error as error:
        reason = str(error).split("\n", 1)[0]
        raise BadInput(
            "This file cannot be read as a table.", reason, where={"file": str(file)}
        ) from error
    return names


def _reader(connection: duckdb.DuckDBPyConnection, file: Path, sniffed_rows: int) -> str:
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


def _arrow(table: Data) -> pa.Table:
    if isinstance(table, duckdb.DuckDBPyRelation):
        return table.to_arrow_table()
    if isinstance(table, pa.Table):
        return table
    if not isinstance(table, pd.DataFrame):
        raise BadInput(
            f"A {type(table).__name__} is not a table.",
            "A path, pandas, Arrow or DuckDB relation is.",
        )
    frame = table.rename(columns=str)
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except pa.ArrowInvalid as error:
        raise BadInput(
            "A column mixes kinds of values.", str(error), where={"file": IN_MEMORY}
        ) from error


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


def _digest(table: pa.Table) -> str:
    sink = _HashingSink()
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as writer:
        writer.write_table(table)
    return sink.digest.hexdigest()


def _file_digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
