"""What time itself brings: conditions and actions that fall due, and periods that run out.

A condition tells its owner two weeks before its day, on the day before, and once it is late; so does
an action that belongs to an assessment. The period of prior consultation (GDPR Art. 36(2)) tells the
approver and the office two weeks before its end; an approval tells its author and the office a month
before its review is due (Art. 35(11)).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from assessments.actions.due import DueKind, list_due
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Records
from assessments.records.tables import assessment
from assessments.review.consultation import list_consultations
from assessments.review.lifecycle import VALID_APPROVALS, State
from assessments.talk.notices import tell
from assessments.talk.tables import notice
from assessments.talk.telling import approvers, office

OWNED_DAYS = (14, 1)
CLOCK_DAYS = 14
REVIEW_DAYS = 30


def remind(records: Records, actor: Actor, today: date) -> int:
    """Make the notices of today, and say how many; a second run tells nobody twice."""
    with records.change(actor) as change:
        check_permission(change.connection, actor, "notices.send", now=change.now)
        before = _count(change)
        _owned(change, today)
        _consultations(change, today)
        _reviews(change, today)
        return _count(change) - before


def _count(change: Change) -> int:
    return change.connection.execute(select(func.count()).select_from(notice)).scalar_one()


def _owned(change: Change, today: date) -> None:
    for due in list_due(change.connection, today, within=OWNED_DAYS[0]):
        if due.kind is DueKind.APPROVAL or due.assessment_id is None:
            continue
        steps = [days for days in OWNED_DAYS if due.days_left <= days]
        step = "late" if due.is_overdue else min(steps)
        cause = f"{due.id} {due.due_on.isoformat()} {step}"
        tell(change, [due.owner_id], due.kind, due.assessment_id, cause, due.id)


def _consultations(change: Change, today: date) -> None:
    waiting = select(assessment.c.id).where(assessment.c.state == State.PRIOR_CONSULTATION)
    for name in change.connection.execute(waiting).scalars().all():
        for item in list_consultations(change.connection, name):
            clock = item.clock(today)
            if item.closed_on is None and not clock.is_suspended:
                _running_out(change, name, clock.due_on, today, CLOCK_DAYS, "consultation")


def _reviews(change: Change, today: date) -> None:
    standing = select(assessment.c.id, assessment.c.review_due_on).where(
        assessment.c.state.in_(VALID_APPROVALS), assessment.c.review_due_on.is_not(None)
    )
    for row in change.connection.execute(standing).all():
        _running_out(change, row.id, row.review_due_on, today, REVIEW_DAYS, "review")


def _running_out(
    change: Change, assessment_id: str, due_on: date, today: date, days: int, what: str
) -> None:
    if (due_on - today).days > days:
        return
    concerned = [*office(change, assessment_id)]
    if what == "consultation":
        concerned += approvers(change, assessment_id)
    cause = f"{what} of {assessment_id} {due_on.isoformat()}"
    tell(change, concerned, "clock", assessment_id, cause)
