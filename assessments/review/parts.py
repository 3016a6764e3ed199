"""Separation of duties: one person plays one part in one assessment.

Author (and contributors), reviewer, data protection officer and approver are different people.
GDPR Art. 38(6) forbids the officer tasks that conflict; the rest is the four-eyes rule.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from assessments.errors import NotPermitted
from assessments.questionnaire.tables import lint_deviation
from assessments.records.tables import assessment, contributor, decision, opinion, verdict

_TITLES = {
    "author": "wrote it",
    "reviewer": "reviewed it or accepted a deviation",
    "dpo": "advised on it or accepted a deviation",
    "approver": "decided on it",
}


def played_parts(connection: Connection, assessment_id: str, person_id: str) -> frozenset[str]:
    """The parts that this person has played in this assessment, in any round."""
    sources = {
        "author": (assessment.c.author_id, assessment.c.id),
        "contributor": (contributor.c.person_id, contributor.c.assessment_id),
        "reviewer": (verdict.c.reviewer_id, verdict.c.assessment_id),
        "dpo": (opinion.c.by, opinion.c.assessment_id),
        "approver": (decision.c.by, decision.c.assessment_id),
    }
    found = {
        part
        for part, (who, which) in sources.items()
        if connection.execute(
            select(who).where(who == person_id, which == assessment_id).limit(1)
        ).first()
    }
    accepted = connection.execute(
        select(lint_deviation.c.accepted_as).where(
            lint_deviation.c.assessment_id == assessment_id,
            lint_deviation.c.accepted_by == person_id,
        )
    ).scalars()
    return frozenset("author" if part == "contributor" else part for part in {*found, *accepted})


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


def can_play(connection: Connection, assessment_id: str, person_id: str, part: str) -> bool:
    """Whether ``check_part`` would pass; pages use it to decide what to offer."""
    return not played_parts(connection, assessment_id, person_id) - {part}
