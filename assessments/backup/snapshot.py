"""A copy of the whole records store at one moment, as one SQLite file, while others go on writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from assessments.errors import BadInput
from assessments.records.store import Records
from assessments.schema import metadata

CHUNK = 2_000


def take(records: Records, file: Path) -> None:
    """Write the store as it is now to ``file``: SQLite by ``VACUUM INTO``, PostgreSQL row by row."""
    if records.engine.dialect.name == "sqlite":
        with records.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("VACUUM INTO ?", (str(file),))
        return
    copied = Records.open(f"sqlite:///{file}")
    with records.engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
        _copy(source, copied)
    copied.close()


def put_back(file: Path, records: Records) -> None:
    """Fill an empty store of any kind from a snapshot."""
    with records.read() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise BadInput(
                    "The records store is not empty",
                    "A backup is restored into an empty one; nothing was changed.",
                    field=table.name,
                )
    taken = Records.open(f"sqlite:///{file}")
    with taken.read() as source:
        _copy(source, records)
    taken.close()


def _copy(source: Connection, target: Records) -> None:
    with target.engine.begin() as connection:
        for table in metadata.sorted_tables:
            found = source.execution_options(yield_per=CHUNK).execute(select(table)).mappings()
            for rows in found.partitions(CHUNK):
                connection.execute(insert(table), [dict(row) for row in rows])
            _continue_counting(connection, table)


def _continue_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts apart from the rows; the next number follows the highest."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    if not isinstance(column.type, Integer):
        return
    sequence = connection.execute(
        text("select pg_get_serial_sequence(:table, :column)"),
        {"table": table.name, "column": column.name},
    ).scalar()
    highest = connection.execute(select(func.max(column))).scalar()
    if sequence and highest is not None:
        connection.execute(
            text("select setval(:name, :value)"), {"name": sequence, "value": highest}
        )
