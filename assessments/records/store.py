"""The unit of work: the only way to change a record.

``Change.apply`` checks permission, executes the statements and appends the audit event to the
ledger, all in the transaction of the enclosing ``Records.change``. Either everything is there
afterwards, or nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import make_url
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput, Busy, StorageFull
from assessments.ledger import body as ledger_body
from assessments.records import migrations, permissions
from assessments.records.actor import Actor

BUSY_TIMEOUT_MS = 15_000


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, for the ledger. facts hold no personal data; private goes in as a commitment."""

    action: str
    kind: str
    id: str
    permission: str
    scope: str = permissions.EVERYWHERE
    facts: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] | None = None


@dataclass(slots=True)
class Change:
    """One transaction in progress, by one actor, at one moment."""

    connection: Connection
    actor: Actor
    now: datetime

    def apply(self, event: Event, *statements: Executable) -> int:
        """Check, write and record; returns the ledger's sequence number."""
        permissions.check_permission(
            self.connection, self.actor, event.permission, event.scope, self.now
        )
        for statement in statements:
            self.connection.execute(statement)
        seq = ledger_body.record(
            self.connection,
            action=event.action,
            kind=event.kind,
            object_id=event.id,
            actor=self.actor.person_id,
            session=self.actor.session,
            facts=event.facts,
            private=event.private,
            now=self.now,
        )
        _tell(self, event, seq)
        return seq


class Records:
    """The records store of one installation."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Records:
        """Open, create or migrate the store at a SQLAlchemy URL (SQLite file or PostgreSQL)."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        try:
            migrations.upgrade(engine)
        except exc.DatabaseError as error:
            engine.dispose()
            raise BadInput(
                "The records store cannot be opened",
                f"It is not a readable database of this product ({type(error.orig).__name__}).",
                where={"file": parsed.database or parsed.host or "?"},
            ) from error
        return cls(engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view for reading; never waits for a writer."""
        with self.engine.connect().execution_options(is_read=True) as connection:
            yield connection

    @contextmanager
    def change(self, actor: Actor, *, now: datetime | None = None) -> Iterator[Change]:
        """One transaction. ``now`` is given only by imports and tests."""
        try:
            with self.engine.begin() as connection:
                yield Change(connection, actor, now or datetime.now(UTC))
        except exc.OperationalError as error:
            raise _explain(error) from error

    def close(self) -> None:
        self.engine.dispose()


def _tell(change: Change, event: Event, seq: int) -> None:
    """Notices are made with what they are about; imported late, because they stand on this module."""
    from assessments.talk.telling import hear

    hear(change, event, seq)


def _explain(error: exc.OperationalError) -> Exception:
    text = str(error.orig)
    if "locked" in text or "busy" in text:
        return Busy("The records are being written by another process", "Try again in a moment.")
    if "full" in text:
        return StorageFull(
            "The disk is full", "Nothing was changed. Free some space and try again."
        )
    return error


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, full durability, enforced keys; and a write lock from the start of each change."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        kind = "DEFERRED" if options.get("is_read") else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {kind}")
