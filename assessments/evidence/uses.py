"""Which answers rest on which files, and who may see them for that reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput
from assessments.records.actor import Actor
from assessments.records.permissions import has_permission
from assessments.records.tables import assessment, evidence, evidence_use
from assessments.review.lifecycle import DECIDED, VALID_APPROVALS, State

_OVER = (*DECIDED, State.WITHDRAWN, State.SUPERSEDED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Use:
    """One file under one question of an assessment."""

    question_id: str
    sha256: str
    name: str
    media_type: str
    size: int
    expires_on: date | None
    origin: Mapping[str, Any] | None
    scanned_by: str | None
    is_removed: bool


def writing(
    connection: Connection,
    actor: Actor,
    assessment_id: str,
    question_id: str,
    digests: frozenset[str],
) -> tuple[Executable, ...]:
    """The statements that note which files an answer rests on; BadInput names one that cannot be used."""
    here = (
        evidence_use.c.assessment_id == assessment_id,
        evidence_use.c.question_id == question_id,
    )
    before = frozenset(connection.execute(select(evidence_use.c.sha256).where(*here)).scalars())
    if digests == before:
        return ()
    for digest in sorted(digests - before):
        _check_usable(connection, actor, digest, question_id)
    gone = [delete(evidence_use).where(*here, evidence_use.c.sha256.in_(before - digests))]
    return (
        *(gone if before - digests else []),
        *(
            insert(evidence_use).values(
                assessment_id=assessment_id, question_id=question_id, sha256=digest
            )
            for digest in sorted(digests - before)
        ),
    )


def follow(connection: Connection, assessment_id: str, files: Mapping[str, frozenset[str]]) -> None:
    """Note again which files the answers rest on, after they moved to other questions."""
    connection.execute(delete(evidence_use).where(evidence_use.c.assessment_id == assessment_id))
    moved = [
        {"assessment_id": assessment_id, "question_id": question_id, "sha256": digest}
        for question_id, digests in files.items()
        for digest in sorted(digests)
    ]
    if moved:
        connection.execute(insert(evidence_use), moved)


def _check_usable(connection: Connection, actor: Actor, digest: str, question_id: str) -> None:
    row = connection.execute(
        select(evidence.c.added_by, evidence.c.removed_at).where(evidence.c.sha256 == digest)
    ).first()
    mine = row is not None and row.added_by == actor.person_id
    if row is None or not (mine or may_read(connection, actor, digest)):
        raise BadInput(
            f"There is no evidence {digest[:12]} that you may use",
            "Upload the file, or choose one that you may read.",
            field=question_id,
        )
    if row.removed_at is not None:
        raise BadInput(
            f"The evidence {digest[:12]} was removed", "Upload the file again.", field=question_id
        )


def may_read(connection: Connection, actor: Actor, sha256: str) -> bool:
    """Whether this person may read an assessment that uses the file."""
    scopes = connection.execute(
        select(assessment.c.project_id)
        .join(evidence_use, evidence_use.c.assessment_id == assessment.c.id)
        .where(evidence_use.c.sha256 == sha256)
        .distinct()
    ).scalars()
    return any(has_permission(connection, actor, "assessment.read", scope) for scope in scopes)


def is_within(connection: Connection, sha256: str, scope: str) -> bool:
    """Whether an assessment of this project uses the file."""
    found = connection.execute(
        select(assessment.c.id)
        .join(evidence_use, evidence_use.c.assessment_id == assessment.c.id)
        .where(evidence_use.c.sha256 == sha256, assessment.c.project_id == scope)
    )
    return found.first() is not None


def open_assessments(connection: Connection, sha256: str) -> list[str]:
    """Assessments that are still on their way and rest on this file."""
    found = connection.execute(
        select(assessment.c.id)
        .join(evidence_use, evidence_use.c.assessment_id == assessment.c.id)
        .where(
            evidence_use.c.sha256 == sha256,
            assessment.c.state.not_in([state.value for state in _OVER]),
        )
        .distinct()
        .order_by(assessment.c.id)
    )
    return list(found.scalars())


def list_uses(connection: Connection, assessment_id: str) -> list[Use]:
    """Every file that an answer of this assessment rests on."""
    rows = connection.execute(
        select(evidence_use.c.question_id, evidence)
        .join(evidence, evidence.c.sha256 == evidence_use.c.sha256)
        .where(evidence_use.c.assessment_id == assessment_id)
        .order_by(evidence_use.c.question_id, evidence.c.name, evidence.c.sha256)
    )
    return [_use(row) for row in rows]


def _use(row: Any) -> Use:
    return Use(
        question_id=row.question_id,
        sha256=row.sha256,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        expires_on=row.expires_on,
        origin=row.origin,
        scanned_by=row.scanned_by,
        is_removed=row.removed_at is not None,
    )


def list_reusable(connection: Connection, actor: Actor) -> dict[str, str]:
    """Digest to name of every file that this person may use for an answer: own ones and readable ones."""
    rows = connection.execute(
        select(evidence.c.sha256, evidence.c.name, evidence.c.added_by, assessment.c.project_id)
        .outerjoin(evidence_use, evidence_use.c.sha256 == evidence.c.sha256)
        .outerjoin(assessment, assessment.c.id == evidence_use.c.assessment_id)
        .where(evidence.c.removed_at.is_(None))
        .distinct()
        .order_by(evidence.c.name, evidence.c.sha256)
    ).all()
    scopes = {row.project_id for row in rows if row.project_id}
    readable = {s for s in scopes if has_permission(connection, actor, "assessment.read", s)}
    return {
        row.sha256: row.name
        for row in rows
        if row.added_by == actor.person_id or row.project_id in readable
    }


def described(connection: Connection, digests: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Name, size and kind by digest, as records and reports list them."""
    wanted = sorted(set(digests))
    rows = connection.execute(select(evidence).where(evidence.c.sha256.in_(wanted)))
    return {
        row.sha256: {
            "name": row.name,
            "size": row.size,
            "sha256": row.sha256,
            "media_type": row.media_type,
            "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        }
        for row in rows
    }


def list_expired(
    connection: Connection, project: str, today: date
) -> Iterator[tuple[str, str, date]]:
    """Assessment, digest and last good day of expired files under valid approvals of a project."""
    rows = connection.execute(
        select(assessment.c.id, evidence.c.sha256, evidence.c.expires_on)
        .join(evidence_use, evidence_use.c.assessment_id == assessment.c.id)
        .join(evidence, evidence.c.sha256 == evidence_use.c.sha256)
        .where(
            assessment.c.project_id == project,
            assessment.c.state.in_([state.value for state in VALID_APPROVALS]),
            evidence.c.expires_on < today,
        )
        .distinct()
        .order_by(evidence.c.expires_on, evidence.c.sha256)
    )
    for row in rows:
        yield row.id, row.sha256, row.expires_on
