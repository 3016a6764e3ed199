"""Every load is a ledger entry: batches that have none yet are entered after they landed.

The landing store commits first and remembers which batches still owe an entry. When the process dies
between the two stores, the next load finds the entry in the ledger, or makes it; never twice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import duckdb
from sqlalchemy import select

from assessments.ledger import body, store
from assessments.ledger.tables import ledger_entry
from assessments.records import Actor, Event, Records
from assessments.records.permissions import check_permission
from dashboard.exports.landing import LANDED

ACTION = "export.loaded"
PERMISSION = "export.load"


def check_may_load(records: Records, actor: Actor) -> None:
    """Refuse before anything lands."""
    with records.read() as connection:
        check_permission(connection, actor, PERMISSION, now=datetime.now(UTC))


def record_loads(landing: duckdb.DuckDBPyConnection, records: Records, actor: Actor) -> int:
    """Enter every batch that has no ledger entry yet; returns how many were entered."""
    owed = landing.execute(
        f"select batch_id, kind, sha256, rows, landed, quarantined from {LANDED}.loads "
        f"anti join {LANDED}.ledgered using (batch_id) order by loaded_at, batch_id"
    ).fetchall()
    if not owed:
        return 0
    entered = _entered_since(landing, records)
    missing = [_event(row) for row in owed if row[0] not in entered]
    with records.change(actor) as change:
        for event in missing:
            entered[event.id] = change.apply(event)
    marks = [[row[0], entered[row[0]]] for row in owed]
    landing.executemany(f"insert into {LANDED}.ledgered values (?, ?)", marks)
    return len(missing)


def _event(row: tuple[Any, ...]) -> Event:
    batch, kind, sha256, rows, landed, quarantined = row
    facts = {
        "kind": kind,
        "sha256": sha256,
        "rows": rows,
        "landed": landed,
        "quarantined": quarantined,
    }
    return Event(ACTION, "export", batch, PERMISSION, facts=facts)


def _entered_since(landing: duckdb.DuckDBPyConnection, records: Records) -> dict[str, int]:
    """Loads in the ledger after the last one that the landing store knows of."""
    found = landing.execute(f"select coalesce(max(seq), -1) from {LANDED}.ledgered").fetchone()
    last = int(found[0]) if found else -1
    query = select(ledger_entry.c.seq, ledger_entry.c.body).where(ledger_entry.c.seq > last)
    entered: dict[str, int] = {}
    with records.read() as connection:
        for seq, content in connection.execute(query):
            entry = body.read(store.Entry(seq, content))
            if entry["action"] == ACTION:
                entered[str(entry["id"])] = int(seq)
    return entered
