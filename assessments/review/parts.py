"""Separation of duties: one person plays one part in one assessment.

Author (and contributors), reviewer, data protection officer and approver are different people.
GDPR Art. 38(6) forbids the officer tasks that conflict; the rest is the four-eyes rule. Whoever acts
for somebody absent acts for both: the part counts for the delegate and for the absent person.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, or_, select

from assessments.errors import NotPermitted
from assessments.questionnaire.tables import lint_deviation
from assessments.records.permissions import principals_of
from assessments.records.store import Change
from assessments.records.tables import (
    assessment,
    contributor,
    decision,
    opinion,
    transition,
    verdict,
)
from assessments.review.lifecycle import TRANSITIONS
from assessments.review.tables import acted_for, settlement

_TITLES = {
    "author": "wrote it",
    "reviewer": "reviewed it or accepted a deviation",
    "dpo": "advised on it or accepted a deviation",
    "approver": "decided on it",
}
_PART_OF_PERMISSION = {
    "assessment.submit": "author",
    "assessment.review": "reviewer",
    "assessment.opinion": "dpo",
    "assessment.decide": "approver",
}
_PART_OF_STEP = {
    (step.origin.value, step.action.value): _PART_OF_PERMISSION[step.permission]
    for step in TRANSITIONS
    if step.permission in _PART_OF_PERMISSION
}
_SOURCES = {
    "author": ((assessment.c.author_id, assessment.c.id),
               (contributor.c.person_id, contributor.c.assessment_id)),
    "reviewer": ((verdict.c.reviewer_id, verdict.c.assessment_id),
                 (settlement.c.by, settlement.c.assessment_id)),
    "dpo": ((opinion.c.by, opinion.c.assessment_id),),
    "approver": ((decision.c.by, decision.c.assessment_id),),
}  # fmt: skip


def played_parts(connection: Connection, assessment_id: str, person_id: str) -> frozenset[str]:
    """The parts that this person has played in this assessment, in any round, also for others."""
    found = {
        part
        for part, columns in _SOURCES.items()
        for who, which in columns
        if connection.execute(
            select(who).where(who == person_id, which == assessment_id).limit(1)
        ).first()
    }
    return frozenset(
        {
            *found,
            *_accepted(connection, assessment_id, person_id),
            *_moved(connection, assessment_id, person_id),
            *_delegated(connection, assessment_id, person_id),
        }
    )


def check_part(connection: Connection, assessment_id: str, person_id: str, part: str) -> None:
    """Raise NotPermitted when this person has played another part already."""
    others = played_parts(connection, assessment_id, person_id) - {part}
    if others:
        done = " and ".join(_TITLES[other] for other in sorted(others))
        raise NotPermitted(
            f"You cannot act as {part} here",
            f"You {done}. Author, reviewer, data protection officer and approver must be different people.",
            field=part,
        )


def enter_part(change: Change, row: RowMapping, part: str) -> str | None:
    """Check that whoever acts may play the part; returns for whom, when it is for somebody absent."""
    person_id = change.actor.person_id
    check_part(change.connection, row["id"], person_id, part)
    principals = principals_of(change.connection, person_id, part, row["project_id"], change.now)
    if not principals:
        return None
    for principal in sorted(principals):
        if not played_parts(change.connection, row["id"], principal) - {part}:
            remember_delegate(change, row["id"], part, person_id, principal)
            return principal
    raise NotPermitted(
        f"You cannot act as {part} here",
        "You act for somebody who has played another part in this assessment, and it counts for both.",
        field=part,
    )


def can_play(
    connection: Connection,
    assessment_id: str,
    person_id: str,
    part: str,
    now: datetime | None = None,
) -> bool:
    """Whether ``enter_part`` would pass; pages use it to decide what to offer."""
    scope = connection.execute(
        select(assessment.c.project_id).where(assessment.c.id == assessment_id)
    ).scalar_one()
    principals = principals_of(connection, person_id, part, scope, now)
    is_free = [
        not played_parts(connection, assessment_id, who) - {part}
        for who in (person_id, *principals)
    ]
    return is_free[0] and (not principals or any(is_free[1:]))


def _accepted(connection: Connection, assessment_id: str, person_id: str) -> list[str]:
    rows = connection.execute(
        select(lint_deviation.c.accepted_as).where(
            lint_deviation.c.assessment_id == assessment_id,
            lint_deviation.c.accepted_by == person_id,
        )
    )
    return list(rows.scalars())


def _moved(connection: Connection, assessment_id: str, person_id: str) -> list[str]:
    """Whoever returned, consulted or closed a round has played that part, without a vote too."""
    rows = connection.execute(
        select(transition.c.from_state, transition.c.action).where(
            transition.c.assessment_id == assessment_id, transition.c.by == person_id
        )
    )
    steps = {(row.from_state, row.action) for row in rows}
    return [_PART_OF_STEP[step] for step in steps if step in _PART_OF_STEP]


def _delegated(connection: Connection, assessment_id: str, person_id: str) -> list[str]:
    rows = connection.execute(
        select(acted_for.c.part).where(
            acted_for.c.assessment_id == assessment_id,
            or_(acted_for.c.person_id == person_id, acted_for.c.principal_id == person_id),
        )
    )
    return list(rows.scalars())


def remember_delegate(
    change: Change, assessment_id: str, part: str, person_id: str, principal: str
) -> None:
    """From now on the part counts for the delegate and for the absent person."""
    key = {
        "assessment_id": assessment_id,
        "part": part,
        "person_id": person_id,
        "principal_id": principal,
    }
    known = select(acted_for).where(*(acted_for.c[name] == said for name, said in key.items()))
    if change.connection.execute(known).first() is None:
        change.connection.execute(insert(acted_for).values(**key, at=change.now))
