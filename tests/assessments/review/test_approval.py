"""What an approval answers for, and how it ends: overruled advice, its last day, its successor."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.questionnaire.current import find_assessment
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from assessments.reports.record import read_record
from assessments.review import decisions, rounds
from assessments.review.approval import weigh_advice
from assessments.review.decisions import Outcome, Position, latest_decision
from assessments.review.expiry import expire_approvals
from assessments.review.freeze import find_frozen
from assessments.review.lifecycle import State
from assessments.review.policy import policy_of
from assessments.review.renewal import find_successor, is_copied, renew
from assessments.review.subjects import Views, find_views, record_views
from tests.assessments.questionnaire.cases import completed, consistent_dpia
from tests.assessments.review.desk import accepted, begin, who

TODAY = datetime.now(UTC).date()


def to_decision(records: Records, made: str, position: Position = Position.PROCEED) -> None:
    rounds.submit(records, who("ann"), made)
    accepted(records, made, "rosa")
    decisions.advise(records, who("dora"), made, position, "My advice.")


def approved(records: Records) -> str:
    made = begin(records)
    to_decision(records, made)
    decisions.decide(records, who("otto"), made, Outcome.APPROVED, "Yes.")
    return made


def test_an_approval_against_advice_names_why(desk: Records) -> None:
    made = begin(desk)
    to_decision(desk, made, Position.DO_NOT_PROCEED)
    for said in ({}, {"is_followed": True}, {"is_followed": False, "overruling": " "}):
        with pytest.raises(BadInput):
            decisions.decide(desk, who("otto"), made, Outcome.APPROVED, "Yes.", **said)  # type: ignore[arg-type]
    decisions.decide(desk, who("otto"), made, Outcome.APPROVED, "Yes.", overruling="Law asks it.")
    with desk.read() as connection:
        found = latest_decision(connection, made)
    assert found is not None
    assert (found["opinion_followed"], found["overruled_reason"]) == (False, "Law asks it.")
    with desk.read() as connection:
        frozen = find_frozen(connection, made).record
    read_record(frozen)
    assert json.loads(frozen)["opinion"]["overruled"] == "Law asks it."


@pytest.mark.parametrize(
    ("position", "outcome", "is_followed", "overruling", "expected"),
    [
        (None, "approved", None, "", (None, "")),
        ("proceed", "approved", None, "", (True, "")),
        ("proceed", "approved", False, "Because", (False, "Because")),
        ("proceed", "rejected", None, "", (False, "Reason")),
        ("proceed_with_changes", "approved_with_conditions", None, "", (True, "")),
        ("proceed_with_changes", "approved", True, "", (True, "")),
        ("proceed_with_changes", "approved", None, "", None),
        ("proceed_with_changes", "approved", False, "", None),
        ("do_not_proceed", "rejected", None, "", (True, "")),
        ("do_not_proceed", "approved_with_conditions", None, "", None),
        ("do_not_proceed", "approved", None, "Because", (False, "Because")),
    ],
)
def test_advice_is_followed_or_overruled_with_a_reason(
    position: str | None,
    outcome: str,
    is_followed: bool | None,
    overruling: str,
    expected: tuple[bool | None, str] | None,
) -> None:
    if expected is None:
        with pytest.raises(BadInput):
            weigh_advice(position, outcome, is_followed, overruling, "Reason")
    else:
        assert weigh_advice(position, outcome, is_followed, overruling, "Reason") == expected


def test_an_approval_expires_after_its_last_day_and_once(desk: Records) -> None:
    made = approved(desk)
    with desk.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(review_due_on=TODAY)
        )
    expiry = Actor.system("expiry")
    assert expire_approvals(desk, expiry, TODAY) == []
    assert expire_approvals(desk, expiry, TODAY + timedelta(days=1)) == [made]
    assert expire_approvals(desk, expiry, TODAY + timedelta(days=1)) == []
    assert q.load(desk, made).state == State.EXPIRED
    with pytest.raises(NotPermitted):
        expire_approvals(desk, who("ann"), approved_and_due(desk))


def approved_and_due(records: Records) -> date:
    made = approved(records)
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(review_due_on=TODAY)
        )
    return TODAY + timedelta(days=1)


def test_a_successor_asks_every_copied_answer_to_be_confirmed_and_supersedes_when_approved(
    desk: Records,
) -> None:
    old = approved(desk)
    made = renew(desk, who("abe"), old).assessment_id
    found = q.load(desk, made)
    assert {name: a.value for name, a in found.answers.items()} == {"kept": 3, "owner": "yes"}
    assert all(is_copied(answer) for answer in found.answers.values())
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(desk, who("abe"), made)
    with pytest.raises(NotPossibleNow, match="being renewed"):
        renew(desk, who("ann"), old)
    for name in found.answers:
        q.confirm_prefill(desk, who("abe"), made, name)
    rounds.submit(desk, who("abe"), made)
    accepted(desk, made, "rosa")
    decisions.advise(desk, who("dora"), made, Position.PROCEED, "Go on.")
    assert q.load(desk, old).state == State.APPROVED
    decisions.decide(desk, who("otto"), made, Outcome.APPROVED, "Yes.")
    assert q.load(desk, old).state == State.SUPERSEDED
    with desk.read() as connection:
        assert find_successor(connection, old) == made
    with pytest.raises(NotPossibleNow, match="stands or has expired"):
        renew(desk, who("ann"), old)


def test_the_office_records_views_where_the_template_does_not_ask(desk: Records) -> None:
    made = begin(desk)
    for wrong in (Views(True, "", "All agree.", ""), Views(False, "", "", " ")):
        with pytest.raises(BadInput):
            record_views(desk, who("dora"), made, wrong)
    record_views(desk, who("dora"), made, Views(True, "A panel", "All agree.", ""))
    with desk.read() as connection:
        views = find_views(connection, made)
    assert views == Views(True, "A panel", "All agree.", "")


def test_a_dpia_is_read_for_views_consultation_and_its_last_day(records: Records) -> None:
    made = q.start(records, Actor.person("anna"), "dpia", "pr-1", "DPIA")
    raw = consistent_dpia() | {"views_sought": "no", "views_reason": "A trade secret."}
    raw |= {"prior_consultation": "yes", "review_on": "2031-05-01"}
    for name, value in completed(q.find_template("dpia"), raw).items():
        q.save_answer(records, Actor.person("anna"), made, name, value)
    with records.read() as connection:
        views = find_views(connection, made)
    assert views is not None
    assert (views.was_sought, views.reason, views.is_complete) == (False, "A trade secret.", True)
    with pytest.raises(NotPossibleNow, match="asks for the views itself"):
        record_views(records, Actor.person("anna"), made, Views(False, "", "", "Other"))
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(state=State.DECISION_PENDING))
    with pytest.raises(NotPossibleNow, match="authority has to be consulted"):
        decisions.decide(records, Actor.person("otto"), made, Outcome.APPROVED, "Yes.")
    q_answer = {"prior_consultation": "no"}
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(state=State.DRAFT))
    for name, value in q_answer.items():
        q.save_answer(records, Actor.person("anna"), made, name, value)
    with records.engine.begin() as connection:
        connection.execute(update(assessment).values(state=State.DECISION_PENDING))
    decisions.decide(records, Actor.person("otto"), made, Outcome.APPROVED, "Yes.")
    with records.read() as connection:
        assert find_assessment(connection, made)["review_due_on"] == date(2031, 5, 1)


@pytest.mark.parametrize(
    ("template", "reviewers"), [("dpia", 1), ("synthetic_release", 2), ("screening", 1)]
)
def test_the_policy_says_how_many_review(template: str, reviewers: int) -> None:
    found = policy_of(q.find_template(template))
    assert (found.reviewers, found.is_blind) == (reviewers, True)
