"""What an entry says: RFC 8785 JSON without personal data.

Personal data enters only as ``commitment = SHA-256(32-byte salt || canonical payload)``; salt and
payload sit in an erasable table. Erasing them leaves the tree valid and the commitment opaque.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection, insert, select

from assessments.errors import NotFound
from assessments.ledger import impersonal, store
from assessments.ledger.tables import ledger_entry, ledger_private

VERSION = 1
SALT_SIZE = 32
ERASED = "private.erased"
"""The action of the entry that says a payload was erased; ``facts.erased`` is its commitment."""


def record(
    connection: Connection,
    *,
    action: str,
    kind: str,
    object_id: str,
    actor: str,
    session: str,
    facts: dict[str, Any],
    private: dict[str, Any] | None,
    now: datetime,
) -> int:
    """Append one audit event; returns its sequence number."""
    impersonal.check_facts(facts, private)
    commitment, salt, payload = _commit(private) if private else (None, b"", b"")
    body = rfc8785.dumps(
        {
            "v": VERSION,
            "ts": now.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": actor,
            "session": session,
            "action": action,
            "kind": kind,
            "id": object_id,
            "facts": facts,
            "commitment": commitment,
        }
    )
    seq = store.append(connection, body)
    if commitment:
        connection.execute(
            insert(ledger_private).values(
                commitment=commitment, seq=seq, salt=salt, payload=payload
            )
        )
    return seq


def read(entry: store.Entry) -> dict[str, Any]:
    """An entry's fields."""
    parsed: dict[str, Any] = json.loads(entry.body)
    return parsed


def newest(
    connection: Connection, *, action: str, object_id: str, facts: dict[str, Any]
) -> store.Entry:
    """The newest entry of an action on an object whose facts include these, or NotFound."""
    before: int | None = None
    while page := store.entries(connection, before=before):
        for entry in page:
            said = read(entry)
            if (said["action"], said["id"]) == (action, object_id) and (
                facts.items() <= said["facts"].items()
            ):
                return entry
        before = page[-1].seq
    raise NotFound(f"The ledger has no entry {action} for {object_id}")


def open_private(connection: Connection, commitment: str) -> dict[str, Any] | None:
    """The payload behind a commitment, or None when it was erased."""
    payload = connection.execute(
        select(ledger_private.c.payload).where(ledger_private.c.commitment == commitment)
    ).scalar()
    return None if payload is None else dict(json.loads(payload))


def commitments_about(connection: Connection, kind: str, object_id: str) -> list[str]:
    """The commitments, not yet erased, of entries about one object."""
    rows = connection.execute(
        select(ledger_private.c.commitment, ledger_entry.c.body)
        .join(ledger_entry, ledger_entry.c.seq == ledger_private.c.seq)
        .order_by(ledger_private.c.seq)
    )
    wanted = (kind, object_id)
    said = ((row.commitment, json.loads(bytes(row.body))) for row in rows)
    return [commitment for commitment, body in said if (body["kind"], body["id"]) == wanted]


def commit(salt: bytes, payload: bytes) -> str:
    """SHA-256(salt || payload) in hex; the salt keeps small answer spaces from being guessed."""
    if len(salt) != SALT_SIZE:
        raise ValueError("a commitment needs a 32-byte salt")
    return hashlib.sha256(salt + payload).hexdigest()


def is_committed(salt: bytes, payload: bytes, commitment: str) -> bool:
    """Whether salt and payload open the commitment; never raises on hostile input."""
    return len(salt) == SALT_SIZE and commit(salt, payload) == commitment


def _commit(private: dict[str, Any]) -> tuple[str, bytes, bytes]:
    payload = rfc8785.dumps(private)
    salt = secrets.token_bytes(SALT_SIZE)
    return commit(salt, payload), salt, payload
