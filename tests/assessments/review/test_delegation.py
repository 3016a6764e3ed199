"""Somebody stands in for somebody else: for a time, and as both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assessments import questionnaire as q
from assessments.errors import BadInput, NotPermitted
from assessments.records import Actor, Records, people
from assessments.records.permissions import active_roles
from assessments.review import decisions, rounds
from assessments.review.decisions import Outcome, Position
from assessments.review.delegation import (
    delegate_role,
    end_delegation,
    hand_over,
    list_delegations,
)
from assessments.review.lifecycle import State
from assessments.review.parts import can_play, played_parts
from assessments.review.seats import list_seats
from tests.assessments.review.desk import accepted, begin, under_two, vote, who

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=14)


def roles(records: Records, person: str, at: datetime | None = None) -> frozenset[str]:
    with records.read() as connection:
        return active_roles(connection, person, "p", at)


def decided_by(records: Records, person: str, made: str) -> State:
    return decisions.decide(records, who(person), made, Outcome.APPROVED, "Yes.")


def to_decision(records: Records, made: str, reviewer: str = "rosa") -> None:
    rounds.submit(records, who("ann"), made)
    accepted(records, made, reviewer)
    decisions.advise(records, who("dora"), made, Position.PROCEED, "Go on.")


def test_a_delegated_role_counts_for_its_time_only(desk: Records) -> None:
    delegate_role(desk, who("otto"), "approver", "abe", LATER, "Holiday")
    assert roles(desk, "abe") == {"author", "approver"}
    assert roles(desk, "abe", LATER + timedelta(days=1)) == {"author"}
    made = begin(desk)
    to_decision(desk, made)
    assert decided_by(desk, "abe", made) == State.APPROVED
    with desk.read() as connection:
        assert played_parts(connection, made, "otto") == {"approver"}


def test_a_delegate_does_nothing_that_the_absent_person_could_not(desk: Records) -> None:
    made = begin(desk, "ann")
    with desk.change(Actor.system("test")) as change:
        people.grant_role(change, "ann", "approver", reason="test")
    delegate_role(desk, who("ann"), "approver", "ruth", LATER, "Holiday")
    to_decision(desk, made)
    with desk.read() as connection:
        assert not can_play(connection, made, "ruth", "approver")
    with pytest.raises(NotPermitted, match="act as approver"):
        decided_by(desk, "ruth", made)


def test_what_a_delegate_did_bars_the_absent_person_from_other_parts(desk: Records) -> None:
    made = begin(desk)
    with desk.change(Actor.system("test")) as change:
        people.grant_role(change, "rosa", "approver", reason="test")
    delegate_role(desk, who("rosa"), "reviewer", "olga", LATER, "Holiday")
    to_decision(desk, made, "olga")
    for person in ("rosa", "olga"):
        with pytest.raises(NotPermitted, match="act as approver"):
            decided_by(desk, person, made)
    assert decided_by(desk, "otto", made) == State.APPROVED


def test_one_reviewer_does_not_sit_twice_through_a_delegate(desk: Records) -> None:
    made = under_two(desk)
    delegate_role(desk, who("rosa"), "reviewer", "olga", LATER, "Holiday")
    with pytest.raises(NotPermitted, match="Somebody else reviews"):
        vote(desk, "olga", made, "one")
    done = hand_over(desk, who("rosa"), "rolf", LATER, "Holiday")
    assert (done.assessments, done.kept) == ((), (made,))


def test_absence_hands_over_seats_and_drafts_and_coming_back_takes_the_seat_again(
    desk: Records,
) -> None:
    made, draft = under_two(desk), begin(desk, "many")
    vote(desk, "rosa", made, "one", "Why three?")
    done = hand_over(desk, who("rosa"), "ruth", LATER, "Ill")
    assert done.assessments == (made,)
    with desk.read() as connection:
        seats = list_seats(connection, made)
    assert [(s.reviewer_id, s.is_lead, s.acting_for) for s in seats] == [
        ("ruth", True, "rosa"), ("rolf", False, None),
    ]  # fmt: skip
    accepted(desk, made, "ruth", "rolf")
    assert hand_over(desk, who("many"), "abe", LATER, "Ill").assessments == (draft,)
    q.save_answer(desk, who("abe"), draft, "kept", 1)
    other = under_two(desk)
    hand_over(desk, who("rosa"), "ruth", LATER, "Ill again")
    vote(desk, "rosa", other, "one")
    with desk.read() as connection:
        assert list_seats(connection, other)[0].reviewer_id == "rosa"


def test_a_delegate_cannot_pass_a_role_on_nor_keep_it_longer_than_its_owner(desk: Records) -> None:
    grant = delegate_role(desk, who("otto"), "approver", "abe", LATER, "Holiday")
    with pytest.raises(NotPermitted, match="holds"):
        delegate_role(desk, who("abe"), "approver", "ruth", LATER, "Busy")
    with pytest.raises(NotPermitted):
        delegate_role(desk, who("ann"), "approver", "ruth", LATER, "Now", absent="otto")
    with desk.read() as connection:
        (found,) = list_delegations(connection, NOW, "abe")
    assert (found.absent, found.delegate, found.reason) == ("otto", "abe", "Holiday")
    end_delegation(desk, who("otto"), grant)
    assert roles(desk, "abe") == {"author"}
    delegate_role(desk, who("adam"), "dpo", "abe", LATER, "Ill", absent="dora")
    with desk.change(Actor.system("test")) as change:
        change.connection.exec_driver_sql(
            "update role_grant set valid_to = ? where person_id = 'dora'", (NOW.isoformat(),)
        )
    assert roles(desk, "abe") == {"author"}


@pytest.mark.parametrize(
    ("delegate", "until", "reason"),
    [("otto", LATER, "x"), ("abe", LATER, " "), ("abe", NOW, "x"), ("nobody", LATER, "x"),
     ("abe", NOW + timedelta(days=400), "x")],
)  # fmt: skip
def test_a_delegation_names_somebody_else_a_reason_and_an_end(
    desk: Records, delegate: str, until: datetime, reason: str
) -> None:
    with pytest.raises(BadInput):
        delegate_role(desk, who("otto"), "approver", delegate, until, reason)
    for role in ("admin", "auditor"):
        with pytest.raises(BadInput, match="cannot be delegated"):
            delegate_role(desk, who("adam"), role, "abe", LATER, "Holiday")
