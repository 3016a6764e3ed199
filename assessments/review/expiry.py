"""An approval ends after its review date (GDPR Art. 35(11)): until then it was looked at, or it lapses.

The product does this by itself, after each load and whenever asked; it does no other step.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.store import Records
from assessments.records.tables import assessment
from assessments.review.lifecycle import VALID_APPROVALS, Action
from assessments.review.moves import move


def expire_approvals(records: Records, actor: Actor, today: date) -> list[str]:
    """Let every approval expire whose last day has passed; returns their ids. Twice changes nothing."""
    due = select(assessment.c.id).where(
        assessment.c.state.in_(VALID_APPROVALS), assessment.c.review_due_on < today
    )
    with records.change(actor) as change:
        expired = list(change.connection.execute(due.order_by(assessment.c.id)).scalars())
        for assessment_id in expired:
            row = find_assessment(change.connection, assessment_id)
            last = row["review_due_on"].isoformat()
            move(change, row, Action.EXPIRE, facts={"last_day": last})
        return expired
