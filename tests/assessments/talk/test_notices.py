"""Notices: made with their event, for those whom it concerns, and never about what is hidden from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from assessments import questionnaire as q
from assessments import talk
from assessments.actions import NewAction, add_action, finish_action
from assessments.errors import BadInput, NotPermitted
from assessments.records import Actor, Records
from assessments.records.tables import assessment, condition, role_grant
from assessments.review import decisions, rounds
from assessments.review.decisions import NewCondition, Outcome, Position
from assessments.talk import Choice, Place, Visibility
from assessments.talk.reminders import remind
from assessments.talk.tables import notice
from tests.assessments.review.desk import accepted, begin, under_two, vote, who

SYSTEM = Actor.system("test")


def kinds(records: Records, person: str) -> list[str]:
    with records.read() as connection:
        return sorted(found.kind for found in talk.list_notices(connection, person))


def unread(records: Records, person: str) -> int:
    with records.read() as connection:
        return talk.count_unread(connection, person)


def approved(records: Records, *conditions: NewCondition) -> str:
    made = begin(records)
    rounds.submit(records, who("ann"), made)
    accepted(records, made, "rosa")
    decisions.advise(records, who("dora"), made, Position.PROCEED, "It can go on.")
    outcome = Outcome.APPROVED_WITH_CONDITIONS if conditions else Outcome.APPROVED
    decisions.decide(records, who("otto"), made, outcome, "Worth it.", conditions)
    return made


def test_a_round_tells_each_person_what_concerns_them_and_nobody_what_they_did(
    desk: Records,
) -> None:
    approved(desk)
    assert kinds(desk, "ann") == ["decided", "signature", "verdicts"]
    assert kinds(desk, "rosa") == ["decided", "submitted"]
    assert kinds(desk, "rolf") == ["submitted"]
    assert kinds(desk, "dora") == ["decided", "opinion", "signature"]
    assert kinds(desk, "otto") == ["decision_asked"]
    assert kinds(desk, "olga") == ["decision_asked"]
    assert kinds(desk, "abe") == kinds(desk, "adam") == []


def test_blind_votes_tell_nobody_anything(desk: Records) -> None:
    made = under_two(desk)
    with desk.read() as connection:
        before = connection.execute(select(func.count()).select_from(notice)).scalar_one()
    vote(desk, "rosa", made, "one", "A wombat must go")
    vote(desk, "rolf", made, "one")
    with desk.read() as connection:
        assert connection.execute(select(func.count()).select_from(notice)).scalar_one() == before


def test_a_returned_assessment_tells_author_and_contributors(desk: Records) -> None:
    made = begin(desk)
    q.add_contributor(desk, who("ann"), made, "abe")
    rounds.submit(desk, who("ann"), made)
    vote(desk, "rosa", made, "one", "More detail")
    rounds.finish_review(desk, who("rosa"), made)
    assert kinds(desk, "ann") == kinds(desk, "abe") == ["returned"]


def test_a_notice_that_cannot_be_made_takes_its_event_with_it(
    desk: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begin(desk)

    def broken(*_: object) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr("assessments.talk.outbox.queue", broken)
    with pytest.raises(RuntimeError):
        rounds.submit(desk, who("ann"), made)
    assert q.load(desk, made).state == "draft"


def test_mentions_and_replies_reach_those_who_may_read_and_follow_a_lost_right(
    desk: Records,
) -> None:
    made = begin(desk)
    thread = talk.open_thread(
        desk, who("rosa"), made, Place(), "Look", visibility=Visibility.REVIEWERS,
        mentions=("otto", "many", "rosa"),
    )  # fmt: skip
    talk.reply(desk, who("otto"), thread, "I see")
    assert (kinds(desk, "otto"), kinds(desk, "rosa"), kinds(desk, "ann")) == (
        ["mention"], ["reply"], [])  # fmt: skip
    assert (kinds(desk, "many"), unread(desk, "many")) == (["mention"], 1)
    q.add_contributor(desk, who("ann"), made, "many")
    assert (kinds(desk, "many"), unread(desk, "many")) == ([], 0)
    talk.reply(desk, who("otto"), thread, "More", mentions=("rosa",))
    assert kinds(desk, "rosa") == ["mention", "reply"]


def test_without_a_role_there_are_no_notices_left(desk: Records) -> None:
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    assert unread(desk, "rolf") == 1
    with desk.engine.begin() as connection:
        ended = update(role_grant).where(role_grant.c.person_id == "rolf")
        connection.execute(ended.values(valid_to=role_grant.c.valid_from))
    assert (kinds(desk, "rolf"), unread(desk, "rolf")) == ([], 0)


def test_everybody_reads_only_their_own_notices(desk: Records) -> None:
    made = begin(desk)
    rounds.submit(desk, who("ann"), made)
    with desk.read() as connection:
        (rosas,) = talk.list_notices(connection, "rosa")
    assert talk.mark_read(desk, who("rolf"), rosas.id) == 0
    assert unread(desk, "rosa") == 1
    assert talk.mark_read(desk, who("rosa")) == 1
    assert (unread(desk, "rosa"), unread(desk, "rolf")) == (0, 1)


def test_a_condition_reminds_its_owner_in_steps_and_each_step_once(desk: Records) -> None:
    due = date.today() + timedelta(days=40)
    made = approved(desk, NewCondition("Delete the old copy", "abe", due))
    days = (30, 14, 13, 1, 0, -1, -5)
    told = []
    for left in days:
        remind(desk, SYSTEM, due - timedelta(days=left))
        told.append(kinds(desk, "abe").count("condition"))
    assert told == [0, 1, 1, 2, 2, 3, 3]
    with desk.engine.begin() as connection:
        connection.execute(update(condition).values(due_on=due + timedelta(days=9)))
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(state="superseded")
        )
    remind(desk, SYSTEM, due)
    assert kinds(desk, "abe").count("condition") == 3


def test_an_open_action_reminds_its_owner_as_a_condition_does(desk: Records) -> None:
    due = date.today() + timedelta(days=40)
    action = add_action(
        desk, who("ann"), NewAction("Tell them", "abe", due, assessment_id=begin(desk))
    )
    told = []
    for left in (30, 14, 13, 1, -1, -5):
        remind(desk, SYSTEM, due - timedelta(days=left))
        told.append(kinds(desk, "abe").count("action"))
    assert told == [0, 1, 1, 2, 3, 3]
    with desk.read() as connection:
        assert {item.object_id for item in talk.list_notices(connection, "abe")} == {action.id}
    finish_action(desk, who("abe"), action.id, "Told.")
    remind(desk, SYSTEM, due + timedelta(days=30))
    assert kinds(desk, "abe").count("action") == 3


def test_an_approval_that_must_be_looked_at_again_tells_author_and_office_once(
    desk: Records,
) -> None:
    made = approved(desk)
    end = date.today() + timedelta(days=200)
    with desk.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(review_due_on=end)
        )
    assert remind(desk, SYSTEM, end - timedelta(days=31)) == 0
    assert remind(desk, SYSTEM, end - timedelta(days=30)) == 2
    assert remind(desk, SYSTEM, end - timedelta(days=1)) == 0
    assert (kinds(desk, "ann").count("clock"), kinds(desk, "rosa").count("clock")) == (1, 1)


def test_only_the_product_and_administrators_remind(desk: Records) -> None:
    with pytest.raises(NotPermitted):
        remind(desk, who("rosa"), date.today())


def test_a_choice_is_one_s_own_and_among_what_there_is(desk: Records) -> None:
    talk.choose(desk, who("rosa"), Choice("de", frozenset({"reply"})))
    talk.choose(desk, who("rosa"), Choice("fr", frozenset({"reply", "mention"})))
    with desk.read() as connection:
        assert talk.read_choice(connection, "rosa") == Choice("fr", frozenset({"reply", "mention"}))
        assert talk.read_choice(connection, "rolf") == Choice()
    for wrong in (Choice("xx"), Choice("en", frozenset({"no-such"}))):
        with pytest.raises(BadInput):
            talk.choose(desk, who("rosa"), wrong)
