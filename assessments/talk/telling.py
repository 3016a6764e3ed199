"""Which event tells whom what: read by the unit of work after each event, in its transaction.

Only published facts are passed on: that a round was closed, never a vote in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select

from assessments.records.store import Change, Event
from assessments.records.tables import decision, opinion
from assessments.review.parts import can_play
from assessments.review.seats import list_seats
from assessments.talk.access import authors, find_row, holders
from assessments.talk.notices import tell

Finder = Callable[[Change, str], Collection[str]]


def hear(change: Change, event: Event, seq: int) -> None:
    """Tell those whom this event concerns."""
    for kind, find in _CONCERNED.get(event.action, ()):
        cause = f"entry {seq}"
        if kind == "stale":
            cause = f"{event.id} on {change.now.date().isoformat()}"
        tell(change, find(change, event.id), kind, event.id, cause)


def _authors(change: Change, assessment_id: str) -> Collection[str]:
    return authors(change.connection, find_row(change.connection, assessment_id))


def _reviewers(change: Change, assessment_id: str) -> Collection[str]:
    """Those who sit; before anybody does, all who could."""
    seats = list_seats(change.connection, assessment_id)
    seated = [seat.reviewer_id for seat in seats]
    return seated or _holders(change, assessment_id, "reviewer")


def _officers(change: Change, assessment_id: str) -> Collection[str]:
    return _holders(change, assessment_id, "dpo")


def approvers(change: Change, assessment_id: str) -> Collection[str]:
    return _holders(change, assessment_id, "approver")


def _advised(change: Change, assessment_id: str) -> Collection[str]:
    found = select(opinion.c.by).where(opinion.c.assessment_id == assessment_id)
    return change.connection.execute(found).scalars().all()


def _everybody_in_it(change: Change, assessment_id: str) -> Collection[str]:
    seats = list_seats(change.connection, assessment_id)
    return [*_authors(change, assessment_id), *(seat.reviewer_id for seat in seats),
            *_advised(change, assessment_id)]  # fmt: skip


def _signers(change: Change, assessment_id: str) -> Collection[str]:
    """The author certifies, the officer has advised, the approver locks."""
    row = find_row(change.connection, assessment_id)
    decided = select(decision.c.by).where(decision.c.assessment_id == assessment_id)
    by = change.connection.execute(decided.order_by(decision.c.round.desc())).scalar()
    return [row["author_id"], *_advised(change, assessment_id), *([by] if by else [])]


def office(change: Change, assessment_id: str) -> Collection[str]:
    return [*_authors(change, assessment_id), *_reviewers(change, assessment_id)]


def _holders(change: Change, assessment_id: str, role: str) -> Collection[str]:
    """Whoever holds the role for this project today and has played no other part in it."""
    scope = find_row(change.connection, assessment_id)["project_id"]
    return [
        person_id
        for person_id in holders(change.connection, scope, {role}, change.now)
        if can_play(change.connection, assessment_id, person_id, role, change.now)
    ]


_CONCERNED: dict[str, tuple[tuple[str, Finder], ...]] = {
    "assessment.submit": (("submitted", _reviewers),),
    "assessment.return": (("returned", _authors),),
    "assessment.accept": (("verdicts", _authors), ("opinion", _officers)),
    "assessment.forward": (("verdicts", _authors), ("decision_asked", approvers)),
    "assessment.advise": (("decision_asked", approvers),),
    "assessment.resume": (("decision_asked", approvers),),
    "assessment.approve": (("decided", _everybody_in_it),),
    "assessment.approve_with_conditions": (("decided", _everybody_in_it),),
    "assessment.reject": (("decided", _everybody_in_it),),
    "assessment.frozen": (("signature", _signers),),
    "review.triggered": (("stale", office),),
}
