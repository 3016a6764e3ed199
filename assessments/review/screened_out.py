"""Whether an approved screening answers the question of an impact assessment with no.

A decision not to make one stands while it is justified, documented and in time (WP248 rev.01, section
III.B(a); GDPR Art. 35(11)); a newer screening that finds one necessary takes its place.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, or_, select

from assessments.questionnaire import list_templates, screening_outcome
from assessments.questionnaire.current import load_in
from assessments.records.tables import assessment
from assessments.review.lifecycle import VALID_APPROVALS
from assessments.review.screenings import NEGATIVE


def is_screened_out(connection: Connection, project: str, today: date) -> bool:
    """The screening of the project that was approved last found that no assessment is needed."""
    kinds = [template.id for template in list_templates() if template.kind == "screening"]
    newest = connection.execute(
        select(assessment.c.id)
        .where(
            assessment.c.project_id == project,
            assessment.c.template_id.in_(kinds),
            assessment.c.state.in_([state.value for state in VALID_APPROVALS]),
            or_(assessment.c.review_due_on.is_(None), assessment.c.review_due_on >= today),
        )
        .order_by(func.coalesce(assessment.c.decided_at, assessment.c.created_at).desc())
        .limit(1)
    ).scalar()
    if newest is None:
        return False
    found = load_in(connection, newest)
    return screening_outcome(found.template, found.answers).level == NEGATIVE
