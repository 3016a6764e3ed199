"""Two reviewers vote apart: what each reader sees when, and how a round of two ends."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from assessments import questionnaire as q
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.ledger import body, store
from assessments.records import Records
from assessments.review import rounds
from assessments.review.lifecycle import State
from assessments.review.rounds import Verdict
from assessments.review.seats import assign_reviewers, list_seats
from assessments.review.snapshot import describe
from assessments.review.tables import review_seat
from assessments.review.votes import visible_votes
from tests.assessments.review.desk import SECTIONS, accepted, begin, under_two, vote, who

SECRET = "Xylophone"


def seen(records: Records, made: str, reader: str | None) -> set[tuple[str, str]]:
    template = q.load(records, made).template
    with records.read() as connection:
        return {
            (v.reviewer_id, v.section_id) for v in visible_votes(connection, made, template, reader)
        }


def facts_of(records: Records) -> str:
    with records.read() as connection:
        return json.dumps([body.read(entry) for entry in store.entries(connection, limit=500)])


def test_a_first_vote_is_seen_by_nobody_else_until_the_second_is_in(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one", SECRET)
    assert seen(desk, made, "rosa") == {("rosa", "one")}
    for reader in ("rolf", "ann", "dora", "otto", "ruth", None):
        assert seen(desk, made, reader) == set()
    vote(desk, "rolf", made, "two")
    assert seen(desk, made, "rolf") == {("rolf", "two")}
    vote(desk, "rolf", made, "one")
    both = {("rosa", "one"), ("rolf", "one")}
    assert both <= seen(desk, made, "rosa")
    assert both <= seen(desk, made, "rolf")
    assert ("rolf", "two") not in seen(desk, made, "rosa")
    for reader in ("ann", "dora", None):
        assert seen(desk, made, reader) == set()


def test_an_author_reads_the_votes_of_one_reviewer_once_the_round_is_closed(desk: Records) -> None:
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    vote(desk, "rosa", made, "one", SECRET)
    template = q.load(desk, made).template
    with desk.read() as connection:
        assert not rounds.section_verdicts(connection, made, template, "ann")
        assert rounds.section_verdicts(connection, made, template, "rosa")["one"].comment == SECRET
    assert rounds.finish_review(desk, who("rosa"), made) == State.RETURNED
    with desk.read() as connection:
        assert rounds.section_verdicts(connection, made, template, "ann")["one"].comment == SECRET


def test_the_ledger_holds_a_commitment_until_the_round_is_closed(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one", SECRET)
    vote(desk, "rosa", made, "two")
    said = facts_of(desk)
    assert SECRET not in said
    assert "accepted" not in said
    assert "changes_requested" not in said
    for section in SECTIONS:
        vote(desk, "rolf", made, section)
    rounds.settle(desk, who("rosa"), made, "one", Verdict.ACCEPTED, "The figure is on page two.")
    rounds.finish_review(desk, who("rosa"), made)
    with desk.read() as connection:
        found = body.newest(connection, action="votes.opened", object_id=made, facts={"round": 1})
    votes = body.read(found)["facts"]["votes"]
    assert {"section": "one", "reviewer": "rosa", "verdict": "changes_requested"} in votes
    assert len(votes) == 4
    assert SECRET not in facts_of(desk)


def test_a_record_made_during_the_review_holds_no_vote(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one", SECRET)
    with desk.change(who("rosa")) as change:
        record = describe(change.connection, made, 1, change.now)
    assert SECRET not in json.dumps(record)
    assert all(section["verdict"] is None for section in record["sections"])
    assert "rosa" not in {person["id"] for person in record["people"]}


def test_open_votes_stay_as_they_were(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one", "Why three?")
    vote(desk, "rosa", made, "one", "Why three years?")
    vote(desk, "rolf", made, "one")
    for person in ("rosa", "rolf"):
        with pytest.raises(NotPossibleNow, match="are open"):
            vote(desk, person, made, "one")


def test_a_disagreement_is_settled_by_the_lead_with_a_reason(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one", "Why three?")
    with pytest.raises(NotPossibleNow, match="nothing to settle"):
        rounds.settle(desk, who("rosa"), made, "one", Verdict.ACCEPTED, "It is enough.")
    for section in SECTIONS:
        vote(desk, "rolf", made, section)
    vote(desk, "rosa", made, "two")
    with pytest.raises(NotPossibleNow, match="differ"):
        rounds.finish_review(desk, who("rosa"), made)
    with pytest.raises(NotPermitted, match="lead"):
        rounds.settle(desk, who("rolf"), made, "one", Verdict.ACCEPTED, "It is enough.")
    with pytest.raises(BadInput):
        rounds.settle(desk, who("rosa"), made, "one", Verdict.ACCEPTED, " ")
    rounds.settle(desk, who("rosa"), made, "one", Verdict.CHANGES_REQUESTED, "Name the law.")
    with pytest.raises(NotPermitted, match="lead"):
        rounds.finish_review(desk, who("rolf"), made)
    assert rounds.finish_review(desk, who("rosa"), made) == State.RETURNED
    found = q.load(desk, made)
    with desk.read() as connection:
        said = rounds.section_verdicts(connection, made, found.template)
    assert (said["one"].verdict, said["one"].comment) == (
        Verdict.CHANGES_REQUESTED, "Name the law.",
    )  # fmt: skip


def test_a_round_of_two_needs_both_votes_on_every_section(desk: Records) -> None:
    made = under_two(desk)
    for section in SECTIONS:
        vote(desk, "rosa", made, section)
    vote(desk, "rolf", made, "one")
    with pytest.raises(NotPossibleNow, match="no verdict yet") as caught:
        rounds.finish_review(desk, who("rosa"), made)
    assert caught.value.detail == "Still to review: Say more."
    vote(desk, "rolf", made, "two")
    assert rounds.finish_review(desk, who("rosa"), made) == State.OPINION


def test_votes_on_untouched_sections_stand_for_both_in_the_next_round(desk: Records) -> None:
    made = under_two(desk)
    for person in ("rosa", "rolf"):
        vote(desk, person, made, "one", "Why three?")
        vote(desk, person, made, "two")
    assert rounds.finish_review(desk, who("rosa"), made) == State.RETURNED
    q.save_answer(desk, who("ann"), made, "kept", 2)
    rounds.submit(desk, who("ann"), made)
    vote(desk, "rolf", made, "one")
    assert ("rolf", "one") in seen(desk, made, "rosa")
    with desk.read() as connection:
        fresh = [
            v
            for v in visible_votes(connection, made, q.load(desk, made).template, "rosa")
            if v.round == 2
        ]
    assert not fresh
    vote(desk, "rosa", made, "one")
    assert rounds.finish_review(desk, who("rosa"), made) == State.OPINION


def test_a_third_reviewer_finds_no_seat(desk: Records) -> None:
    made = under_two(desk)
    vote(desk, "rosa", made, "one")
    with pytest.raises(NotPermitted, match="Somebody else reviews"):
        vote(desk, "ruth", made, "one")


def test_the_office_names_reviewers_who_are_free_and_different(desk: Records) -> None:
    made = begin(desk, "many")
    with pytest.raises(NotPermitted, match="role"):
        assign_reviewers(desk, who("otto"), made, ("rosa",))
    with pytest.raises(NotPermitted, match="their own assessment"):
        assign_reviewers(desk, who("many"), made, ("rosa",))
    for wrong in ((), ("rosa", "rolf", "ruth"), ("otto",)):
        with pytest.raises(BadInput):
            assign_reviewers(desk, who("dora"), made, wrong)
    for wrong in (("rosa", "rosa"), ("rosa", "many")):
        with pytest.raises(NotPermitted):
            assign_reviewers(desk, who("dora"), made, wrong)
    with desk.read() as connection:
        assert not connection.execute(select(review_seat)).all()


def test_a_reviewer_who_is_replaced_has_no_vote_any_more(desk: Records) -> None:
    made = under_two(desk)
    for section in SECTIONS:
        vote(desk, "rolf", made, section, SECRET)
    assign_reviewers(desk, who("adam"), made, ("rosa", "ruth"))
    with desk.read() as connection:
        assert [seat.reviewer_id for seat in list_seats(connection, made)] == ["rosa", "ruth"]
    with pytest.raises(NotPermitted):
        vote(desk, "rolf", made, "one")
    accepted(desk, made, "rosa", "ruth")
    assert q.load(desk, made).state == State.OPINION
    with desk.change(who("rosa")) as change:
        people = describe(change.connection, made, 1, change.now)["people"]
    assert [p["id"] for p in people if p["role"] == "reviewer"] == ["rosa", "rolf", "ruth"]
