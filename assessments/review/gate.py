"""The release gate: everything that keeps a project from being released, each with its reason.

A gate is open only when a valid approval exists, no condition is open past its date, and no
measured leakage is above its limit (GDPR Art. 35(1): the assessment comes before the processing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from assessments.evidence.uses import list_expired
from assessments.questionnaire.triggers import open_triggers
from assessments.records.tables import assessment, condition
from assessments.review.lifecycle import VALID_APPROVALS, State

GATED_TEMPLATES = frozenset({"dpia"})


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that keeps the gate closed. since: the day from which it counts, where known."""

    kind: str
    what: str
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer for one project."""

    project: str
    reasons: tuple[Blocker, ...]

    @property
    def is_open(self) -> bool:
        """Open when nothing blocks."""
        return not self.reasons

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "project": self.project,
            "open": self.is_open,
            "reasons": [asdict(reason) for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval from whatever source: this product's records or an imported register."""

    assessment_id: str
    review_due_on: date | None


@dataclass(frozen=True, slots=True)
class MeasuredLeakage:
    """A measured score of a subject of the project against its limit; score None: not measured."""

    subject: str
    score: float | None
    limit: float
    measured_on: date | None


def check_gate(
    connection: Connection,
    project: str,
    *,
    today: date,
    registered: Sequence[Approval] = (),
    leakage: Sequence[MeasuredLeakage] = (),
) -> Gate:
    """Collect every blocker of a project."""
    reasons = [
        *_approval_blockers(connection, project, registered, today),
        *_condition_blockers(connection, project, today),
        *_evidence_blockers(connection, project, today),
        *_stale_blockers(connection, project),
        *_leakage_blockers(leakage),
    ]
    return Gate(project, tuple(reasons))


def _approval_blockers(
    connection: Connection, project: str, registered: Sequence[Approval], today: date
) -> list[Blocker]:
    rows = connection.execute(
        select(assessment)
        .where(assessment.c.project_id == project, assessment.c.template_id.in_(GATED_TEMPLATES))
        .order_by(assessment.c.created_at.desc())
    ).mappings().all()  # fmt: skip
    own = [
        Approval(row["id"], row["review_due_on"]) for row in rows if row["state"] in VALID_APPROVALS
    ]
    approvals = [*own, *registered]
    if any(a.review_due_on is None or a.review_due_on >= today for a in approvals):
        return []
    if approvals:
        due = max(a.review_due_on for a in approvals if a.review_due_on)
        return [
            Blocker("approval_expired", "The approval is past its review date", due.isoformat())
        ]
    rejected = next((row for row in rows if row["state"] == State.REJECTED), None)
    if rejected is not None:
        what = f"Assessment {rejected['id']} was rejected"
        return [Blocker("rejected", what, rejected["decided_at"].date().isoformat())]
    pending = (
        f"; assessment {rows[0]['id']} is {rows[0]['state'].replace('_', ' ')}" if rows else ""
    )
    return [Blocker("no_approval", f"No valid approval of an impact assessment{pending}")]


def _condition_blockers(connection: Connection, project: str, today: date) -> list[Blocker]:
    rows = connection.execute(
        select(condition)
        .join(assessment, assessment.c.id == condition.c.assessment_id)
        .where(
            assessment.c.project_id == project,
            assessment.c.state.in_([state.value for state in VALID_APPROVALS]),
            condition.c.closed_at.is_(None),
        )
        .order_by(condition.c.due_on, condition.c.id)
    ).mappings()
    return [
        Blocker(
            "condition_overdue" if row["due_on"] < today else "condition_open",
            f"Condition {row['id']}: {row['text']}",
            row["due_on"].isoformat(),
        )
        for row in rows
    ]


def _evidence_blockers(connection: Connection, project: str, today: date) -> list[Blocker]:
    return [
        Blocker(
            "evidence_expired",
            f"Evidence {digest[:12]} of assessment {assessment_id} has expired",
            expired_on.isoformat(),
        )
        for assessment_id, digest, expired_on in list_expired(connection, project, today)
    ]


def _stale_blockers(connection: Connection, project: str) -> list[Blocker]:
    """What the approval rests on changed, and nobody has said yet what comes of it (Art. 35(11))."""
    return [
        Blocker(
            "stale_answer",
            f"The source of '{trigger.question_id}' in assessment {trigger.assessment_id} has changed",
            trigger.found_at.date().isoformat(),
        )
        for trigger in open_triggers(connection, project, GATED_TEMPLATES)
    ]


def _leakage_blockers(leakage: Sequence[MeasuredLeakage]) -> list[Blocker]:
    found = []
    for item in leakage:
        day = item.measured_on.isoformat() if item.measured_on else None
        if item.score is None:
            found.append(Blocker("leakage_not_measured", f"{item.subject} was never measured", day))
        elif item.score > item.limit:
            what = f"{item.subject} shows leakage {item.score:.0f}, the limit is {item.limit:g}"
            found.append(Blocker("leakage", what, day))
    return found
