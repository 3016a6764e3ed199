"""Who reviews an assessment: one or two people, named by the office or taking a free seat.

Two reviewers are independent of each other: nobody sits twice, in person or through somebody who acts
for them. One of them leads: settles a disagreement and closes the round. A seat lasts over rounds.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, insert, select, update

from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.questionnaire import Template, template_of
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import active_roles, principals_of
from assessments.records.store import Change, Event, Records
from assessments.review.lifecycle import WRITABLE, State
from assessments.review.parts import check_part, enter_part, played_parts, remember_delegate
from assessments.review.policy import MOST_REVIEWERS, policy_of
from assessments.review.tables import review_seat

REVIEWED = frozenset({*WRITABLE, State.SUBMITTED, State.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Seat:
    """One reviewer of an assessment; acting_for names the absent person whose seat it is."""

    reviewer_id: str
    is_lead: bool
    acting_for: str | None

    @property
    def people(self) -> frozenset[str]:
        """Everybody for whom this seat counts."""
        return frozenset({self.reviewer_id, *({self.acting_for} if self.acting_for else ())})


def list_seats(connection: Connection, assessment_id: str) -> tuple[Seat, ...]:
    """The seats that are taken, the lead first."""
    rows = connection.execute(
        select(review_seat)
        .where(review_seat.c.assessment_id == assessment_id, review_seat.c.left_at.is_(None))
        .order_by(review_seat.c.is_lead.desc(), review_seat.c.reviewer_id)
    )
    return tuple(Seat(row.reviewer_id, row.is_lead, row.acting_for) for row in rows)


def seats_needed(connection: Connection, assessment_id: str) -> int:
    """How many review: what the policy asks, or more when the office has named more."""
    return count_needed(
        template_of(connection, assessment_id), list_seats(connection, assessment_id)
    )


def count_needed(template: Template, seats: tuple[Seat, ...]) -> int:
    """The same for whoever has read the template and the seats."""
    return max(policy_of(template).reviewers, len(seats))


def can_sit(connection: Connection, assessment_id: str, person_id: str) -> bool:
    """Whether this person has a seat, or would find a free one."""
    seats = list_seats(connection, assessment_id)
    is_seated = any(seat.reviewer_id == person_id for seat in seats)
    return is_seated or len(seats) < count_needed(template_of(connection, assessment_id), seats)


def assign_reviewers(
    records: Records, actor: Actor, assessment_id: str, reviewers: tuple[str, ...]
) -> tuple[Seat, ...]:
    """Name who reviews, the lead first; whoever is not named leaves the seat."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        seats = _check_assignable(change, row, reviewers)
        event = Event(
            "reviewers.assigned", "assessment", assessment_id, "review.assign", row["project_id"],
            {"reviewers": list(reviewers), "lead": reviewers[0]},
        )  # fmt: skip
        leaving = update(review_seat).where(
            review_seat.c.assessment_id == assessment_id, review_seat.c.left_at.is_(None)
        )
        change.apply(event, leaving.values(left_at=change.now))
        for seat in seats:
            _seat(change, row, seat)
        return list_seats(change.connection, assessment_id)


def take_seat(change: Change, row: RowMapping) -> Seat:
    """The seat of whoever acts; the first to come takes a free one, and the first of all leads."""
    acting_for = enter_part(change, row, "reviewer")
    person_id = change.actor.person_id
    seats = list_seats(change.connection, row["id"])
    own = next((seat for seat in seats if seat.reviewer_id == person_id), None)
    if own is not None:
        return own
    kept = next((seat for seat in seats if seat.acting_for == person_id), None)
    if kept is not None:
        back = {"from": kept.reviewer_id, "to": person_id}
        change.apply(
            Event("reviewer.returned", "assessment", row["id"], "assessment.review",
                  row["project_id"], back)
        )  # fmt: skip
        return replace_seat(change, row, kept, person_id)
    if len(seats) >= count_needed(template_of(change.connection, row["id"]), seats):
        raise NotPermitted(
            "Somebody else reviews this assessment",
            "The privacy office can name you as a reviewer of it.",
            field="reviewer",
        )
    seat = Seat(person_id, not any(seat.is_lead for seat in seats), acting_for)
    _check_apart(seat, seats)
    _seat(change, row, seat)
    return seat


def replace_seat(change: Change, row: RowMapping, seat: Seat, successor: str) -> Seat:
    """Hand a seat to a delegate, or back to whom it belongs; votes given stay with who gave them."""
    others = [other for other in list_seats(change.connection, row["id"]) if other != seat]
    principal = None if successor == seat.acting_for else seat.reviewer_id
    taken = Seat(successor, seat.is_lead, principal)
    check_part(change.connection, row["id"], successor, "reviewer")
    _check_apart(taken, others)
    change.connection.execute(
        update(review_seat)
        .where(
            review_seat.c.assessment_id == row["id"],
            review_seat.c.reviewer_id == seat.reviewer_id,
        )
        .values(left_at=change.now)
    )
    _seat(change, row, taken)
    if principal is not None:
        remember_delegate(change, row["id"], "reviewer", successor, principal)
    return taken


def _seat(change: Change, row: RowMapping, seat: Seat) -> None:
    values = {
        "acting_for": seat.acting_for,
        "is_lead": seat.is_lead,
        "assigned_by": change.actor.person_id,
        "assigned_at": change.now,
        "left_at": None,
    }
    key = (review_seat.c.assessment_id == row["id"], review_seat.c.reviewer_id == seat.reviewer_id)
    if change.connection.execute(update(review_seat).where(*key).values(**values)).rowcount == 0:
        change.connection.execute(
            insert(review_seat).values(
                assessment_id=row["id"], reviewer_id=seat.reviewer_id, **values
            )
        )


def _check_assignable(change: Change, row: RowMapping, reviewers: tuple[str, ...]) -> list[Seat]:
    if "author" in played_parts(change.connection, row["id"], change.actor.person_id):
        raise NotPermitted(
            "Nobody chooses the reviewers of their own assessment",
            "Ask somebody else in the privacy office.",
            field="reviewers",
        )
    if row["state"] not in REVIEWED:
        raise NotPossibleNow(
            "Its review is over", f"The assessment is {row['state'].replace('_', ' ')}."
        )
    least = policy_of(template_of(change.connection, row["id"])).reviewers
    if not least <= len(reviewers) <= MOST_REVIEWERS:
        raise BadInput(
            f"Name {least} to {MOST_REVIEWERS} reviewers",
            "The policy for this kind of assessment says how many are needed.",
            field="reviewers",
        )
    seats: list[Seat] = []
    for number, reviewer in enumerate(reviewers):
        if "reviewer" not in active_roles(
            change.connection, reviewer, row["project_id"], change.now
        ):
            raise BadInput(f"{reviewer[:80]} is no reviewer here today", field="reviewers")
        principals = principals_of(
            change.connection, reviewer, "reviewer", row["project_id"], change.now
        )
        for person_id in (reviewer, *principals):
            check_part(change.connection, row["id"], person_id, "reviewer")
        seats.append(Seat(reviewer, number == 0, min(principals, default=None)))
        _check_apart(seats[-1], seats[:-1])
    return seats


def _check_apart(seat: Seat, others: tuple[Seat, ...] | list[Seat]) -> None:
    if any(seat.people & other.people for other in others):
        raise NotPermitted(
            "Two reviewers must be two people",
            "Whoever acts for an absent reviewer counts as both.",
            field="reviewers",
        )
