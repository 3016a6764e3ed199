"""An assessment begins with what an earlier one of the project said, to be confirmed anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from assessments import questionnaire as q
from assessments.errors import BadInput
from assessments.questionnaire.expressions import names_in
from assessments.records import Actor, Records
from assessments.records.tables import assessment
from tests.assessments.questionnaire.cases import join

SCREENED = {"personal_data": "yes", "new_or_changed": "new", "art35_3_b": "yes", "c4": "yes", "c5": "yes",
            "c8": "unknown", "outside_eea": "no", "high_risk_ai": "no"}  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def author(records: Records) -> Actor:
    return join(records, "ann", "author")


def screened(records: Records, author: Actor, project: str, state: str) -> str:
    made = q.start(records, author, "screening", project, "Screening")
    for name, value in SCREENED.items():
        q.save_answer(records, author, made, name, value)
    with records.engine.begin() as connection:
        connection.execute(update(assessment).where(assessment.c.id == made).values(state=state))
    return made


def begun(records: Records, author: Actor) -> q.Assessment:
    return q.load(records, q.start(records, author, "dpia", "p", "DPIA"))


def test_a_dpia_begins_with_what_the_screening_found(records: Records, author: Actor) -> None:
    screening = screened(records, author, "p", "approved")
    found = begun(records, author)
    values = {name: answer.value for name, answer in found.answers.items()}
    assert values["reasons"] == ["article_35_3", "criteria"]
    assert values["reasons_law"] == ["b"]
    assert values["reasons_criteria"] == ["c4", "c5"]
    assert (values["outside_eea"], values["ai_area"]) == ("no", "none")
    answer = found.answers["reasons"]
    assert answer.needs_confirmation
    assert answer.provenance
    assert (answer.provenance.source, answer.provenance.row) == ("screening", screening)
    assert q.stale_answers(found.template, found.answers, q.NoFacts(), found.subject) == []


@pytest.mark.parametrize(
    ("project", "state"), [("p", "draft"), ("p", "withdrawn"), ("other", "approved")]
)
def test_nothing_comes_from_an_unfinished_screening_or_another_project(
    records: Records, author: Actor, project: str, state: str
) -> None:
    screened(records, author, project, state)
    assert "reasons" not in begun(records, author).answers


def test_the_newest_screening_counts(records: Records, author: Actor) -> None:
    screened(records, author, "p", "approved")
    newer = screened(records, author, "p", "rejected")
    provenance = begun(records, author).answers["outside_eea"].provenance
    assert provenance
    assert provenance.row == newer


def test_what_is_carried_is_answered_in_the_kind_that_it_comes_from() -> None:
    for template in q.list_templates():
        for question in template.questions:
            rule = question.carry
            if rule is None or rule.value is None:
                continue
            known = set(q.find_template(rule.source).by_id)
            named = {name for _, tree in rule.value.choices for name in names_in(tree)}
            assert named | {rule.value.take} - {""} <= known, question.id


def test_a_question_is_filled_from_one_side_only() -> None:
    text = """\
id: mini
version: "1"
title: Mini
kind: test
source: s
roles: [author]
sections:
  - id: one
    title: Say
    source: s
    questions:
      - {id: a, type: text, title: A, source: s, prefill: {source: project, value: x}, carry: {source: screening, value: y}}
"""
    with pytest.raises(BadInput, match="stands alone") as caught:
        q.read_template(text.encode(), "mini.yaml")
    assert caught.value.where["line"] == 12
