"""A small SQLAlchemy dialect for DuckDB, enough for great-expectations.

great-expectations knows no DuckDB. Under the name ``postgresql`` it writes SQL that DuckDB understands,
with one difference: ``~`` matches the whole text, not a part, so every pattern must be anchored.
Each cursor is a DuckDB cursor of its own, because a later statement on a shared one would empty the
earlier result. Names of tables and columns come from information_schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
from sqlalchemy import types
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import Pool, StaticPool

_TYPES: dict[str, Any] = {
    "VARCHAR": types.String,
    "BIGINT": types.BigInteger,
    "INTEGER": types.Integer,
    "DOUBLE": types.Float,
    "BOOLEAN": types.Boolean,
    "DATE": types.Date,
    "TIMESTAMP": types.DateTime,
}


class Cursor:
    """A DB-API cursor; of a large result only what is asked for is fetched."""

    arraysize = 1
    rowcount = -1

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection.cursor()
        self.description: list[tuple[Any, ...]] | None = None

    def execute(self, statement: str, parameters: Any = None) -> Cursor:
        self.description = self._connection.execute(statement, parameters or None).description
        return self

    def executemany(self, statement: str, parameters: Sequence[Any]) -> Cursor:
        self._connection.executemany(statement, parameters)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._connection.fetchone()

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        return self._connection.fetchmany(size)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._connection.fetchall()

    def close(self) -> None:
        self._connection.close()


class Session:
    """A DB-API connection over one that is already open; closing it leaves that open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def commit(self) -> None:
        """Every statement commits by itself."""

    def rollback(self) -> None:
        """There is nothing to take back."""

    def close(self) -> None:
        """The owner of the connection closes it."""


class DuckDialect(PGDialect):  # type: ignore[misc,unused-ignore]
    """PostgreSQL's SQL with DuckDB's catalogue."""

    driver = "duckcursor"
    paramstyle = "qmark"
    default_paramstyle = "qmark"
    supports_statement_cache = False
    supports_server_side_cursors = False
    use_native_hstore = False

    @classmethod
    def import_dbapi(cls) -> Any:
        return duckdb

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return StaticPool

    def create_connect_args(self, url: URL) -> Any:
        return [url.host], {}

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        return Session(_OPEN[cargs[0]])

    def initialize(self, connection: Connection) -> None:
        self.server_version_info = (16, 0)
        self.default_schema_name = "main"

    def get_isolation_level(self, dbapi_connection: Any) -> Any:
        return "AUTOCOMMIT"

    def do_ping(self, dbapi_connection: Any) -> bool:
        return True

    def has_table(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> bool:
        return table_name in self.get_table_names(connection, schema)

    def get_schema_names(self, connection: Connection, **_: Any) -> list[str]:
        return ["main"]

    def get_table_names(
        self, connection: Connection, schema: str | None = None, **_: Any
    ) -> list[str]:
        found = connection.exec_driver_sql("select table_name from information_schema.tables")
        return [str(row[0]) for row in found]

    def get_view_names(
        self, connection: Connection, schema: str | None = None, **_: Any
    ) -> list[str]:
        return []

    def get_columns(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> Any:
        found = connection.exec_driver_sql(
            "select column_name, data_type from information_schema.columns "
            "where table_name = ? order by ordinal_position",
            (table_name,),
        )
        return [
            {"name": name, "type": _type(kind), "nullable": True, "default": None}
            for name, kind in found
        ]


def _type(name: str) -> types.TypeEngine[Any]:
    made: types.TypeEngine[Any] = _TYPES.get(name.split("(")[0], types.String)()
    return made


_OPEN: dict[str, duckdb.DuckDBPyConnection] = {}


@contextmanager
def offered(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """An address under which SQLAlchemy reaches a connection that is open here."""
    registry.register("postgresql.duckcursor", __name__, "DuckDialect")
    name = f"c{id(connection):x}"
    _OPEN[name] = connection
    try:
        yield f"postgresql+duckcursor://{name}/memory"
    finally:
        del _OPEN[name]
