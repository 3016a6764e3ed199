"""A screening through review and decision: who may do what, and what is left on record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from sqlalchemy import func, select, update

from assessments import questionnaire
from assessments.errors import BadInput, Conflict, NotPermitted, NotPossibleNow
from assessments.questionnaire.current import find_assessment
from assessments.records import Actor, Records
from assessments.records.tables import assessment, transition
from assessments.review import decisions, rounds
from assessments.review.decisions import (
    NewCondition,
    Outcome,
    Position,
    close_condition,
    list_conditions,
)
from assessments.review.freeze import find_frozen
from assessments.review.gate import check_gate
from assessments.review.lifecycle import Action, State
from assessments.review.moves import move, trail
from assessments.review.rounds import Verdict
from tests.assessments.questionnaire.cases import completed, consistent_dpia

ANSWERS = {
    "plan": "Sorts claims by kind of damage.",
    "personal_data": "yes",
    "new_or_changed": "new",
    "any_country": "no",
    "outside_eea": "no",
    "children": "no",
    "high_risk_ai": "no",
    **dict.fromkeys(["art35_3_a", "art35_3_b", "art35_3_c"], "no"),
    **dict.fromkeys([f"c{number}" for number in range(1, 10)], "no"),
    "c4": "yes",
    "c5": "yes",
}


def who(name: str) -> Actor:
    return Actor.person(name)


@pytest.fixture
def screening(records: Records) -> str:
    made = questionnaire.start(records, who("anna"), "screening", "pr-1", "Screening")
    for question, value in ANSWERS.items():
        questionnaire.save_answer(records, who("anna"), made, question, value)
    return made


def sections(records: Records, assessment: str) -> list[str]:
    found = questionnaire.load(records, assessment)
    view = questionnaire.View(found.template, found.answers)
    return [s.id for s in found.template.sections if view.is_section_visible(s)]


def accept_all(records: Records, assessment: str, reviewer: str = "rosa") -> None:
    for section in sections(records, assessment):
        rounds.give_verdict(records, who(reviewer), assessment, section, Verdict.ACCEPTED)


def to_decision(records: Records, assessment: str) -> None:
    rounds.submit(records, who("anna"), assessment)
    accept_all(records, assessment)
    assert rounds.finish_review(records, who("rosa"), assessment) == State.OPINION
    advised = decisions.advise(records, who("dora"), assessment, Position.PROCEED, "I agree.")
    assert advised == State.DECISION_PENDING


def test_an_incomplete_assessment_cannot_be_sent(records: Records) -> None:
    made = questionnaire.start(records, who("anna"), "screening", "pr-1", "Screening")
    with pytest.raises(NotPossibleNow, match="not complete"):
        rounds.submit(records, who("anna"), made)


def test_an_author_cannot_review_their_own_assessment(records: Records, screening: str) -> None:
    rounds.submit(records, who("anna"), screening)
    with pytest.raises(NotPermitted, match="reviewer"):
        rounds.give_verdict(records, who("anna"), screening, "describe", Verdict.ACCEPTED)


def test_a_reviewer_cannot_decide_what_they_reviewed(records: Records, screening: str) -> None:
    rounds.submit(records, who("anna"), screening)
    accept_all(records, screening, "all")
    rounds.finish_review(records, who("all"), screening)
    with pytest.raises(NotPermitted, match="approver"):
        decisions.decide(records, who("all"), screening, Outcome.APPROVED, "Fine.")


def test_somebody_without_the_role_cannot_act_at_all(records: Records, screening: str) -> None:
    with pytest.raises(NotPermitted):
        rounds.submit(records, who("otto"), screening)
    rounds.submit(records, who("anna"), screening)
    with pytest.raises(NotPermitted):
        rounds.give_verdict(records, who("max"), screening, "describe", Verdict.ACCEPTED)


def test_asking_for_changes_needs_a_comment_and_returns_the_assessment(
    records: Records, screening: str
) -> None:
    rounds.submit(records, who("anna"), screening)
    accept_all(records, screening)
    with pytest.raises(BadInput, match="Say what should change"):
        rounds.give_verdict(records, who("rosa"), screening, "law", Verdict.CHANGES_REQUESTED, " ")
    rounds.give_verdict(
        records, who("rosa"), screening, "law", Verdict.CHANGES_REQUESTED, "Why no?"
    )
    assert rounds.finish_review(records, who("rosa"), screening) == State.RETURNED
    found = questionnaire.load(records, screening)
    assert found.is_writable
    with records.read() as connection:
        verdicts = rounds.section_verdicts(connection, screening, found.template)
    tasks = {
        task.section_id: task
        for task in questionnaire.tasks(found.template, found.answers, verdicts)
    }
    assert tasks["law"].status is questionnaire.TaskStatus.CHANGES_REQUESTED
    assert tasks["law"].reason == "Why no?"


def test_a_verdict_stands_until_an_answer_of_its_section_changes(
    records: Records, screening: str
) -> None:
    rounds.submit(records, who("anna"), screening)
    accept_all(records, screening)
    rounds.give_verdict(
        records, who("rosa"), screening, "law", Verdict.CHANGES_REQUESTED, "Why no?"
    )
    rounds.finish_review(records, who("rosa"), screening)
    questionnaire.save_answer(records, who("anna"), screening, "art35_3_a", "yes")
    rounds.submit(records, who("anna"), screening)
    template = questionnaire.load(records, screening).template
    with records.read() as connection:
        verdicts = rounds.section_verdicts(connection, screening, template)
    assert not verdicts["law"].is_current
    assert verdicts["describe"].is_current
    rounds.give_verdict(records, who("rosa"), screening, "describe", Verdict.ACCEPTED)
    with pytest.raises(NotPossibleNow, match="no verdict yet"):
        rounds.finish_review(records, who("rosa"), screening)


def test_answers_are_closed_while_somebody_reviews(records: Records, screening: str) -> None:
    rounds.submit(records, who("anna"), screening)
    with pytest.raises(NotPossibleNow):
        questionnaire.save_answer(records, who("anna"), screening, "c1", "yes")


def test_a_section_that_does_not_apply_needs_no_verdict(records: Records, screening: str) -> None:
    questionnaire.save_answer(records, who("anna"), screening, "personal_data", "no")
    assert sections(records, screening) == ["describe"]
    to_decision(records, screening)


def test_asked_changes_of_a_section_that_no_longer_applies_return_nothing(
    records: Records, screening: str
) -> None:
    rounds.submit(records, who("anna"), screening)
    rounds.give_verdict(
        records, who("rosa"), screening, "law", Verdict.CHANGES_REQUESTED, "Why no?"
    )
    rounds.finish_review(records, who("rosa"), screening)
    questionnaire.save_answer(records, who("anna"), screening, "personal_data", "no")
    to_decision(records, screening)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"measures": {"mandatory": "yes"}}, "needed before the start"),
        ({"residual": {"acceptable": "no"}, "prior_consultation": "yes"}, "not acceptable"),
        ({"compliance": {"status": "planned"}}, "only planned"),
    ],
)
def test_what_stands_against_a_plain_approval_leaves_conditions_and_rejection(
    records: Records, change: dict[str, Any], what: str
) -> None:
    made = questionnaire.start(records, who("anna"), "dpia", "pr-1", "DPIA")
    raw = consistent_dpia()
    for question, edit in change.items():
        raw[question] = (
            [raw[question][0] | edit, *raw[question][1:]] if isinstance(edit, dict) else edit
        )
    for question, value in completed(questionnaire.find_template("dpia"), raw).items():
        questionnaire.save_answer(records, who("anna"), made, question, value)
    with records.engine.begin() as connection:
        connection.execute(
            update(assessment).where(assessment.c.id == made).values(state=State.DECISION_PENDING)
        )
    with pytest.raises(NotPossibleNow, match="without conditions") as caught:
        decisions.decide(records, who("otto"), made, Outcome.APPROVED, "Yes.")
    assert what in caught.value.detail
    assert decisions.decide(records, who("otto"), made, Outcome.REJECTED, "No.") == State.REJECTED


def test_sending_twice_moves_once(records: Records, screening: str) -> None:
    rounds.submit(records, who("anna"), screening)
    with pytest.raises(NotPossibleNow):
        rounds.submit(records, who("anna"), screening)
    with records.read() as connection:
        assert connection.execute(select(func.count()).select_from(transition)).scalar_one() == 1


def test_a_stale_page_cannot_move_an_assessment(records: Records, screening: str) -> None:
    with records.read() as connection:
        seen = find_assessment(connection, screening)
    rounds.submit(records, who("anna"), screening)
    with pytest.raises(Conflict), records.change(who("anna")) as change:
        move(change, seen, Action.SUBMIT)


def test_a_decision_needs_a_reason_and_conditions_need_owners(
    records: Records, screening: str
) -> None:
    to_decision(records, screening)
    due = datetime.now(UTC).date() + timedelta(days=30)
    for outcome, reason, conditions in [
        (Outcome.APPROVED, "", ()),
        (Outcome.APPROVED_WITH_CONDITIONS, "Yes, but.", ()),
        (Outcome.APPROVED, "Yes.", (NewCondition("Do it", "max", due),)),
        (Outcome.APPROVED_WITH_CONDITIONS, "Yes.", (NewCondition("Do it", "nobody", due),)),
    ]:
        with pytest.raises(BadInput):
            decisions.decide(records, who("otto"), screening, outcome, reason, conditions)
    with records.read() as connection:
        assert find_assessment(connection, screening)["state"] == State.DECISION_PENDING


def test_a_decision_freezes_canonical_json_that_names_everybody(
    records: Records, screening: str
) -> None:
    to_decision(records, screening)
    due = datetime.now(UTC).date() + timedelta(days=30)
    decisions.decide(
        records, who("otto"), screening, Outcome.APPROVED_WITH_CONDITIONS, "Yes, but.",
        (NewCondition("Show it works", "max", due),),
    )  # fmt: skip
    with records.read() as connection:
        frozen = find_frozen(connection, screening)
        steps = [row["action"] for row in trail(connection, screening)]
    record = json.loads(frozen.record)
    assert rfc8785.dumps(record) == frozen.record
    assert {(p["role"], p["id"]) for p in record["people"]} == {
        ("author", "anna"), ("reviewer", "rosa"), ("dpo", "dora"), ("approver", "otto"),
    }  # fmt: skip
    assert record["screening"]["outcome"] == "dpia_required"
    assert record["decision"]["conditions"][0]["text"] == "Show it works"
    assert steps == ["submit", "take_up", "accept", "advise", "approve_with_conditions"]


def test_the_owner_of_a_condition_cannot_close_it_alone(records: Records, screening: str) -> None:
    to_decision(records, screening)
    due = datetime.now(UTC).date() + timedelta(days=30)
    decisions.decide(
        records, who("otto"), screening, Outcome.APPROVED_WITH_CONDITIONS, "Yes, but.",
        (NewCondition("Show it works", "rosa", due),),
    )  # fmt: skip
    with records.read() as connection:
        condition = list_conditions(connection, screening)[0]["id"]
    with pytest.raises(NotPossibleNow, match="cannot close it alone"):
        close_condition(records, who("rosa"), condition, "Shown.")
    close_condition(records, who("otto"), condition, "Shown in the test report.")
    with pytest.raises(NotPossibleNow, match="closed already"):
        close_condition(records, who("otto"), condition, "Again.")


def test_the_gate_is_closed_without_an_approved_impact_assessment(
    records: Records, screening: str
) -> None:
    to_decision(records, screening)
    decisions.decide(records, who("otto"), screening, Outcome.APPROVED, "Fine.")
    with records.read() as connection:
        found = check_gate(connection, "pr-1", today=datetime.now(UTC).date())
    assert not found.is_open
    assert [reason.kind for reason in found.reasons] == ["no_approval"]
