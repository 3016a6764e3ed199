"""Reading the warehouse: one hub in memory a generation, one cursor a use.

The hub attaches the generation and the months of events that it names read-only, then closes the engine's access to files and locks its
configuration, so that no SQL text can read or write anything else. When the pointer has moved, the
next cursor gets a new hub; the old one is closed when its last cursor is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from assessments.errors import BadInput
from assessments.settings import Home
from dashboard.exports.column_types import literal
from dashboard.memory import READING, memory_for
from dashboard.warehouse import event_months, generations


@dataclass(slots=True)
class _Hub:
    """One generation, attached."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    used: int = 0


class Warehouse:
    """The warehouse of one installation; safe to share between threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._hub: _Hub | None = None
        self._is_closed = False

    @classmethod
    def open(cls, home: Home) -> Warehouse:
        """The warehouse; NotFound when nothing has been loaded yet."""
        generations.current_path(home)
        return cls(home)

    @property
    def generation(self) -> int:
        """The number of the generation that counts now."""
        return generations.number_of(generations.current_path(self._home))

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own on the generation that counts now."""
        hub = self._take()
        try:
            cursor = hub.connection.cursor()
            try:
                cursor.execute("use warehouse")
                yield cursor
            finally:
                cursor.close()
        finally:
            self._give_back(hub)

    def as_of(self) -> date | None:
        """The newest day on which a landed fact happened."""
        with self.cursor() as cursor:
            row = cursor.execute("select as_of from generation").fetchone()
        return row[0] if row else None

    def sources(self, kinds: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The loads that stand behind these kinds (all, when none is named), oldest first."""
        query = (
            "select path, sha256, kind, loaded_at from loads where len($kinds) = 0 "
            "or list_contains($kinds, kind) order by loaded_at, path"
        )
        with self.cursor() as cursor:
            rows = cursor.execute(query, {"kinds": list(kinds)}).fetchall()
        names = ("path", "sha256", "kind", "loaded_at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def close(self) -> None:
        """Close the hub; cursors in use keep theirs until they are done."""
        with self._lock:
            self._is_closed = True
            self._retire()

    def _take(self) -> _Hub:
        with self._lock:
            if self._is_closed:
                raise BadInput("The warehouse has been closed")
            path = generations.current_path(self._home)
            if self._hub is None or self._hub.path != path:
                fresh = _attach(path)
                self._retire()
                self._hub = fresh
            self._hub.used += 1
            return self._hub

    def _give_back(self, hub: _Hub) -> None:
        with self._lock:
            hub.used -= 1
            if hub.used == 0 and hub is not self._hub:
                hub.connection.close()

    def _retire(self) -> None:
        if self._hub is not None and self._hub.used == 0:
            self._hub.connection.close()
        self._hub = None


def _attach(path: Path) -> _Hub:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"set memory_limit = '{memory_for(READING)}'")
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {literal(str(path))} as warehouse (read_only)")
        months = event_months.read_months(connection, "warehouse")
        event_months.attach(connection, path.parent, months)
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        raise BadInput(
            "The warehouse cannot be opened",
            "It can be built again from the landed exports: privacy load PATH",
            where={"file": path.name},
        ) from error
    return _Hub(path, connection)
