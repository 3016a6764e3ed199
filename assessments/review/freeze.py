"""Freezing: the canonical JSON that a decision is about, and that signatures cover.

The record holds what the assessment says at the moment of the decision and nothing that could be
looked up differently later. Canonical form: RFC 8785. Its SHA-256 goes into the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import Connection, func, insert, select

from assessments.errors import NotFound
from assessments.questionnaire.current import find_assessment
from assessments.records.store import Change, Event
from assessments.records.tables import frozen
from assessments.review.snapshot import describe


@dataclass(frozen=True, slots=True)
class FrozenRecord:
    """One revision of an assessment as it was decided on."""

    assessment_id: str
    revision: int
    record: bytes
    sha256: str
    ledger_seq: int
    at: datetime


def freeze(change: Change, assessment_id: str) -> str:
    """Write the next revision's canonical record; returns its SHA-256."""
    row = find_assessment(change.connection, assessment_id)
    revision = 1 + (
        change.connection.execute(
            select(func.coalesce(func.max(frozen.c.revision), 0)).where(
                frozen.c.assessment_id == assessment_id
            )
        ).scalar_one()
    )
    record = canonical(describe(change.connection, assessment_id, revision, change.now))
    digest = hashlib.sha256(record).hexdigest()
    seq = change.apply(
        Event(
            action="assessment.frozen",
            kind="assessment",
            id=assessment_id,
            permission="assessment.decide",
            scope=row["project_id"],
            facts={"revision": revision, "sha256": digest},
        )
    )
    change.connection.execute(
        insert(frozen).values(
            assessment_id=assessment_id,
            revision=revision,
            record=record,
            sha256=digest,
            ledger_seq=seq,
            at=change.now,
        )
    )
    return digest


def canonical(record: dict[str, Any]) -> bytes:
    """RFC 8785 bytes."""
    return bytes(rfc8785.dumps(record))


def find_frozen(
    connection: Connection, assessment_id: str, revision: int | None = None
) -> FrozenRecord:
    """A frozen revision, the newest by default."""
    query = select(frozen).where(frozen.c.assessment_id == assessment_id)
    if revision is not None:
        query = query.where(frozen.c.revision == revision)
    row = connection.execute(query.order_by(frozen.c.revision.desc())).mappings().first()
    if row is None:
        raise NotFound(
            f"Assessment {assessment_id} has no frozen record",
            "A record is frozen when the assessment is decided.",
        )
    return FrozenRecord(**row)
