"""What is due soon or overdue, as plain facts: the feed that reminders are made from.

Actions and conditions by their day; approvals by their last day, of which the author is reminded
(GDPR Art. 35(11)).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from assessments.actions.action import Status
from assessments.actions.tables import action_item
from assessments.records.tables import assessment, condition
from assessments.review.lifecycle import VALID_APPROVALS


class DueKind(StrEnum):
    """What has a day."""

    ACTION = "action"
    CONDITION = "condition"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class Due:
    """One day to keep. days_left is negative once it has passed."""

    kind: DueKind
    id: str
    project_id: str
    assessment_id: str | None
    owner_id: str
    text: str
    due_on: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {**asdict(self), "overdue": self.is_overdue}


def list_due(
    connection: Connection, today: date, *, within: int | None = None, project: str | None = None
) -> list[Due]:
    """Every open day up to so many days from now, the oldest first; all of them without a limit."""
    last = today + timedelta(days=within) if within is not None else date.max
    approvals = assessment.c.state.in_(VALID_APPROVALS)
    queries = {
        DueKind.ACTION: select(
            action_item.c.id, action_item.c.project_id, action_item.c.assessment_id,
            action_item.c.owner_id, action_item.c.text, action_item.c.due_on,
        ).where(action_item.c.status == Status.OPEN.value, action_item.c.due_on <= last),
        DueKind.CONDITION: select(
            condition.c.id, assessment.c.project_id, condition.c.assessment_id,
            condition.c.owner_id, condition.c.text, condition.c.due_on,
        ).join(assessment, assessment.c.id == condition.c.assessment_id)
        .where(approvals, condition.c.closed_at.is_(None), condition.c.due_on <= last),
        DueKind.APPROVAL: select(
            assessment.c.id, assessment.c.project_id, assessment.c.id.label("assessment_id"),
            assessment.c.author_id.label("owner_id"), assessment.c.title.label("text"),
            assessment.c.review_due_on.label("due_on"),
        ).where(approvals, assessment.c.review_due_on <= last),
    }  # fmt: skip
    found = [
        Due(kind=kind, days_left=(row["due_on"] - today).days, **row)
        for kind, query in queries.items()
        for row in connection.execute(query).mappings()
        if project in (None, row["project_id"])
    ]
    return sorted(found, key=lambda due: (due.due_on, due.kind, due.id))
