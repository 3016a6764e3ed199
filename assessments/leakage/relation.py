"""Tables under measurement: a path, Arrow, pandas or DuckDB relation, opened for SQL out of core.

Every column is renamed to ``c0, c1, ...`` inside the database, so that no name from a file or a
user is part of a later query. The connection is in memory, bounded, sees only the named files,
and cannot be reconfigured.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

from assessments.errors import BadInput, NotFound
from assessments.files import file_digest
from assessments.leakage.files import (
    SNIFFED_ROWS,
    digest,
    existing,
    identifier,
    literal,
    reader,
)
from assessments.leakage.measurement import Source

Data: TypeAlias = "str | Path | pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation"

IN_MEMORY = "(in memory)"
MEMORY_LIMIT = "1GB"
NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
           "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip
ORDERED = (*NUMERIC, "DATE", "TIME")


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
def open_relations(
    *tables: Data, ordered: bool = False, memory: str = MEMORY_LIMIT
) -> Iterator[tuple[Relation, ...]]:
    """Open several tables in one database that is closed and forgotten at the end.

    ``ordered`` keeps the rows in the order of the file, which seeded sampling needs; what does not
    fit into ``memory`` goes to a temporary folder.
    """
    files = [existing(table) if isinstance(table, (str, Path)) else None for table in tables]
    with tempfile.TemporaryDirectory(prefix="leakage-") as spill:
        seen = [file for file in files if file]
        connection = connect(Path(spill), seen, ordered=ordered, memory=memory)
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
    spill: Path, files: Sequence[Path] = (), *, ordered: bool = False, memory: str = MEMORY_LIMIT
) -> duckdb.DuckDBPyConnection:
    """An in-memory database that reads the named files only, and whose settings are locked."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": min(4, os.cpu_count() or 1),
            "memory_limit": memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": ordered,
            "python_enable_replacements": False,
        },
    )
    allowed = ", ".join(literal(str(path)) for path in files)
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _load(
    connection: duckdb.DuckDBPyConnection, view: str, table: Data, file: Path | None, thorough: bool
) -> Relation:
    if file is None:
        arrow = _arrow(table)
        names, sha256, path = arrow.column_names, digest(arrow), IN_MEMORY
        connection.register(view, arrow.rename_columns([f"c{i}" for i in range(len(names))]))
    else:
        names, sha256, path = (
            _view(connection, view, file, -1 if thorough else SNIFFED_ROWS),
            file_digest(file),
            str(table),
        )
    return Relation(connection, view, path, sha256, _columns(connection, view, names))


def _columns(
    connection: duckdb.DuckDBPyConnection, view: str, names: Sequence[str]
) -> tuple[Column, ...]:
    described = connection.execute(f"describe {view}").fetchall()
    return tuple(
        Column(name, row[0], str(row[1])) for name, row in zip(names, described, strict=True)
    )


def reread(relation: Relation) -> Relation:
    """The same text file with the types that all its rows allow, for when the first ones misled."""
    connection, view = relation.connection, relation.view
    names = _view(connection, view, Path(relation.path).resolve(), sniffed_rows=-1)
    return replace(relation, columns=_columns(connection, view, names))


def _view(
    connection: duckdb.DuckDBPyConnection, view: str, file: Path, sniffed_rows: int = SNIFFED_ROWS
) -> list[str]:
    try:
        function = reader(connection, file, sniffed_rows)
        names = [
            str(row[0])
            for row in connection.execute(f"describe select * from {function}").fetchall()
        ]
        renamed = ", ".join(f"{identifier(name)} as c{i}" for i, name in enumerate(names))
        connection.execute(
            f"create or replace temp view {view} as select {renamed} from {function}"
        )
    except duckdb.Error as error:
        reason = str(error).split("\n", 1)[0]
        raise BadInput(
            "This file cannot be read as a table.", reason, where={"file": str(file)}
        ) from error
    return names


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
