"""Screenings are listed with what they found; a decision against an assessment is signed like any other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from assessments import questionnaire
from assessments.records import Records
from assessments.records.tables import assessment
from assessments.reports.record import read_record
from assessments.reports.render import render_report
from assessments.reports.state import check_signers
from assessments.review import decisions
from assessments.review.decisions import Outcome
from assessments.review.freeze import find_frozen
from assessments.review.gate import check_gate
from assessments.review.screenings import Screening, list_screenings
from tests.assessments.review.test_round import ANSWERS, to_decision, who


def screened(found: Records, project: str, **changed: str) -> str:
    made = questionnaire.start(found, who("anna"), "screening", project, f"Screening {project}")
    for question, value in (ANSWERS | {"c4": "no", "c5": "no"} | changed).items():
        questionnaire.save_answer(found, who("anna"), made, question, value)
    return made


def listed(found: Records) -> dict[str, Screening]:
    with found.read() as connection:
        return {item.project_id: item for item in list_screenings(connection)}


@pytest.fixture
def decided(records: Records) -> str:
    made = screened(records, "pr-no")
    to_decision(records, made)
    decisions.decide(records, who("otto"), made, Outcome.APPROVED, "None of the criteria is met.")
    return made


def test_a_negative_decision_is_listed_with_its_advice_and_reason(
    records: Records, decided: str
) -> None:
    screened(records, "pr-yes", c1="yes", c2="yes")
    found = listed(records)
    no, yes = found["pr-no"], found["pr-yes"]
    assert (no.is_negative, no.decision, no.advice) == (True, "approved", "proceed")
    assert no.reason == "None of the criteria is met."
    assert (yes.is_negative, yes.decision, yes.outcome.level) == (False, None, "dpia_required")
    assert no.signed == ()
    assert not no.is_signed


def gate(found: Records, on: date) -> list[str]:
    with found.read() as connection:
        return [reason.kind for reason in check_gate(connection, "pr-no", today=on).reasons]


def test_the_gate_takes_an_approved_no_until_its_review_is_due_or_one_is_begun(
    records: Records,
) -> None:
    made, today = screened(records, "pr-no"), date.today()
    assert gate(records, today) == ["no_approval"]
    to_decision(records, made)
    assert gate(records, today) == ["no_approval"]
    decisions.decide(records, who("otto"), made, Outcome.APPROVED, "None of the criteria is met.")
    assert gate(records, today) == []
    with records.engine.begin() as connection:
        end = update(assessment).where(assessment.c.id == made)
        connection.execute(end.values(review_due_on=today + timedelta(days=30)))
    assert gate(records, today + timedelta(days=30)) == []
    assert gate(records, today + timedelta(days=31)) == ["no_approval"]
    questionnaire.start(records, who("anna"), "dpia", "pr-no", "DPIA after all")
    assert gate(records, today) == ["no_approval"]


def test_the_gate_does_not_take_a_yes(records: Records) -> None:
    made = screened(records, "pr-no", c1="yes", c2="yes")
    to_decision(records, made)
    decisions.decide(records, who("otto"), made, Outcome.APPROVED, "An assessment is needed.")
    assert gate(records, date.today()) == ["no_approval"]


def test_a_negative_decision_can_be_typeset_and_signed_by_three(
    records: Records, decided: str
) -> None:
    with records.read() as connection:
        frozen = find_frozen(connection, decided)
        check_signers(connection, frozen)
    assert read_record(frozen.record).content["screening"]["outcome"] == "no_dpia"
    assert render_report(frozen.record).startswith(b"%PDF-1.7")


def test_only_screenings_of_readable_projects_are_listed(records: Records, decided: str) -> None:
    questionnaire.start(records, who("anna"), "dpia", "pr-no", "DPIA")
    with records.read() as connection:
        assert [s.assessment_id for s in list_screenings(connection)] == [decided]
        assert list_screenings(connection, lambda project: project != "pr-no") == []
