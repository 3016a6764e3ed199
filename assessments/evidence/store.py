"""Keeping, serving and taking away files of evidence.

A file lies at ``evidence/<first two digits>/<SHA-256>``, written whole and flushed before the record
names it. Its name may be personal, so the ledger sees the digest and a commitment to the name.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update

from assessments.errors import BadInput, Conflict, NotFound, NotPermitted, NotPossibleNow
from assessments.evidence import uses
from assessments.evidence.media import MAX_NAME, recognise
from assessments.evidence.origin import read_origin
from assessments.evidence.rules import Rules
from assessments.files import OWNER_ONLY, flush
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE, check_permission
from assessments.records.store import Change, Event, Records
from assessments.records.tables import evidence, frozen
from assessments.settings import Home

_CHUNK = 1024 * 1024
_INCOMING = ".incoming"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file. origin: digests of what made it. removed_at: nobody may use it for an answer any more.

    erased_at: the bytes are gone too, because no frozen record named them.
    """

    sha256: str
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime
    expires_on: date | None
    origin: dict[str, Any] | None
    scanned_by: str | None
    removed_at: datetime | None
    erased_at: datetime | None

    def is_expired(self, today: date) -> bool:
        """Good until the end of the day that it names."""
        return self.expires_on is not None and self.expires_on < today


def path_of(home: Home, sha256: str) -> Path:
    """Where the bytes lie."""
    return home.evidence / sha256[:2] / sha256


def add(
    records: Records,
    home: Home,
    actor: Actor,
    name: str,
    source: BinaryIO,
    *,
    scope: str = EVERYWHERE,
    expires_on: date | None = None,
    rules: Rules | None = None,
) -> Evidence:
    """Keep a file; the same bytes are kept once. scope: the project that it is added for."""
    _check_may_add(records, actor, scope)
    called, allowed = clean_name(name), rules or Rules.configured()
    partial = home.evidence / _INCOMING / uuid4().hex
    try:
        digest, size = _receive(source, partial, allowed.max_bytes)
        media = recognise(partial, called)
        scanned_by = allowed.scan(partial)
        facts = {"media_type": media.type, "size": size}
        origin = read_origin(partial, media)
        row = {"name": called, **facts, "expires_on": expires_on, "origin": origin,
               "scanned_by": scanned_by}  # fmt: skip
        with records.change(actor) as change:
            _settle(home, partial, digest)
            return _enter(change, digest, row, facts, scope)
    finally:
        partial.unlink(missing_ok=True)


def _check_may_add(records: Records, actor: Actor, scope: str) -> None:
    """Before a byte is read; the event checks it once more."""
    with records.read() as connection:
        check_permission(connection, actor, "evidence.add", scope)


def clean_name(name: str) -> str:
    """The last part of a name, without control characters, with its extension kept."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in last if c.isprintable()).strip().lstrip(".")
    stem, dot, extension = kept.rpartition(".")
    if not stem or not extension:
        raise BadInput("The file needs a name with an extension", "For example contract.pdf.")
    return stem[: MAX_NAME - len(extension) - 1] + dot + extension[:20]


def _receive(source: BinaryIO, partial: Path, limit: int) -> tuple[str, int]:
    """Count and digest while the bytes come in; too many end it at once."""
    partial.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise BadInput("The file is too large", f"At most {limit / _CHUNK:g} MB.")
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _settle(home: Home, partial: Path, digest: str) -> None:
    target = path_of(home, digest)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial.replace(target)
    flush(target.parent)
    flush(home.evidence)


def _enter(
    change: Change, digest: str, row: dict[str, Any], facts: dict[str, Any], scope: str
) -> Evidence:
    known = _row(change.connection, digest)
    if known is not None and known["removed_at"] is None:
        return find(change.connection, digest)
    event = Event("evidence.added", "evidence", digest, "evidence.add", scope, facts,
                  {"name": row["name"]})  # fmt: skip
    if known is None:
        made = insert(evidence).values(
            sha256=digest, added_by=change.actor.person_id, added_at=change.now, **row
        )
        change.apply(event, made)
    else:
        again = row | {"removed_at": None, "erased_at": None, "added_at": change.now,
                       "added_by": change.actor.person_id}  # fmt: skip
        change.apply(event, update(evidence).where(evidence.c.sha256 == digest).values(**again))
    return find(change.connection, digest)


def find(connection: Connection, sha256: str) -> Evidence:
    """What is known of a file, or NotFound."""
    row = _row(connection, sha256)
    if row is None:
        raise NotFound(f"There is no evidence {sha256[:12]}", field="evidence")
    return Evidence(**row)


def _row(connection: Connection, sha256: str) -> RowMapping | None:
    return connection.execute(
        select(evidence).where(evidence.c.sha256 == sha256)
    ).mappings().first()  # fmt: skip


def read(records: Records, home: Home, actor: Actor, sha256: str) -> tuple[Evidence, bytes]:
    """The file for somebody who may read an assessment that uses it; refused when it was altered."""
    with records.read() as connection:
        found = find(connection, sha256)
        if not uses.may_read(connection, actor, sha256):
            raise NotPermitted(
                "You may not read this file",
                "It is open to people who may read an assessment that uses it.",
                field="evidence",
            )
    return found, content(home, found)


def content(home: Home, found: Evidence) -> bytes:
    """The bytes, checked against their address."""
    if found.erased_at is not None:
        raise NotFound(f"The evidence {found.sha256[:12]} was removed", field="evidence")
    try:
        data = path_of(home, found.sha256).read_bytes()
    except FileNotFoundError as error:
        raise Conflict(
            f"The file of evidence {found.sha256[:12]} is gone", "Restore it from a backup."
        ) from error
    if hashlib.sha256(data).hexdigest() != found.sha256:
        raise Conflict(
            f"The file of evidence {found.sha256[:12]} was altered", "Restore it from a backup."
        )
    return data


def set_expiry(
    records: Records, actor: Actor, sha256: str, expires_on: date | None, scope: str
) -> None:
    """Say until when a file is good; None: for good."""
    with records.change(actor) as change:
        found = find(change.connection, sha256)
        _check_scope(change, sha256, scope)
        if found.expires_on == expires_on:
            return
        change.apply(
            Event("evidence.expiry_set", "evidence", sha256, "evidence.add", scope,
                  {"expires_on": expires_on.isoformat() if expires_on else None}),
            update(evidence).where(evidence.c.sha256 == sha256).values(expires_on=expires_on),
        )  # fmt: skip


def _check_scope(change: Change, sha256: str, scope: str) -> None:
    """A role in one project gives no say over the files of another."""
    if not uses.is_within(change.connection, sha256, scope):
        raise NotPermitted("No assessment of this project uses this file", field="evidence")


def remove(records: Records, home: Home, actor: Actor, sha256: str, scope: str) -> Evidence:
    """Take a file out of use; its row stays, and its bytes too while a frozen record names them."""
    with records.change(actor) as change:
        found = find(change.connection, sha256)
        _check_scope(change, sha256, scope)
        if found.removed_at is not None:
            return found
        using = uses.open_assessments(change.connection, sha256)
        if using:
            raise NotPossibleNow(
                "Answers still rest on this file",
                f"Take it out of these assessments first: {', '.join(using)}.",
            )
        is_kept = _is_frozen(change.connection, sha256)
        erased_at = None if is_kept else change.now
        change.apply(
            Event("evidence.removed", "evidence", sha256, "evidence.remove", scope,
                  {"erased": not is_kept}),
            update(evidence)
            .where(evidence.c.sha256 == sha256)
            .values(removed_at=change.now, erased_at=erased_at),
        )  # fmt: skip
        removed = find(change.connection, sha256)
    if removed.erased_at is not None:
        _erase(records, home, actor, sha256)
    return removed


def _erase(records: Records, home: Home, actor: Actor, sha256: str) -> None:
    """After the commit, and under the write lock: somebody may have added the same bytes again."""
    with records.change(actor) as change:
        if find(change.connection, sha256).erased_at is not None:
            path_of(home, sha256).unlink(missing_ok=True)


def _is_frozen(connection: Connection, sha256: str) -> bool:
    name = sha256.encode()
    return any(name in bytes(row.record) for row in connection.execute(select(frozen.c.record)))
