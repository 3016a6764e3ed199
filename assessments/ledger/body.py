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
from sqlalchemy import Connection, delete, insert, select

from assessments.ledger import store
from assessments.ledger.tables import ledger_private

VERSION = 1
SALT_SIZE = 32
PERSONAL_KEYS = frozenset(
    {"name", "email", "e-mail", "mail", "phone", "address", "birthdate", "comment", "text", "note"}
)


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
    _check_impersonal(facts)
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


def open_private(connection: Connection, commitment: str) -> dict[str, Any] | None:
    """The payload behind a commitment, or None when it was erased."""
    payload = connection.execute(
        select(ledger_private.c.payload).where(ledger_private.c.commitment == commitment)
    ).scalar()
    return None if payload is None else dict(json.loads(payload))


def erase(connection: Connection, commitment: str) -> None:
    """Forget the payload behind a commitment (GDPR Art. 17); the tree stays as it is."""
    connection.execute(delete(ledger_private).where(ledger_private.c.commitment == commitment))


def commit(salt: bytes, payload: bytes) -> str:
    """SHA-256(salt || payload) in hex; the salt keeps small answer spaces from being guessed."""
    if len(salt) != SALT_SIZE:
        raise ValueError("a commitment needs a 32-byte salt")
    return hashlib.sha256(salt + payload).hexdigest()


def _commit(private: dict[str, Any]) -> tuple[str, bytes, bytes]:
    payload = rfc8785.dumps(private)
    salt = secrets.token_bytes(SALT_SIZE)
    return commit(salt, payload), salt, payload


def _check_impersonal(facts: dict[str, Any]) -> None:
    found = PERSONAL_KEYS & {key.lower() for key in facts}
    if found or any(isinstance(value, str) and "@" in value for value in facts.values()):
        raise ValueError(f"personal data must not enter the ledger in clear: {sorted(found)}")
