"""Whatever is answered, in forms of every authority: gaps can be closed, blocks count, nothing fails."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.questionnaire import View, find_template
from assessments.reports.working_copy import render_working_copy
from assessments.views import fill, find_form, forms_for
from tests.assessments.questionnaire.cases import answered
from tests.assessments.views.test_fill import DRAFT, whole

DPIA = find_template("dpia")
FORMS = [form.id for form in forms_for("dpia")]
WHOLE = answered(DPIA, whole()) | answered(
    DPIA, {"ai_area": "insurance", "deployer_kind": "private", "outside_eea": "yes"}
)
SWITCHES = {"ai_area": "none", "outside_eea": "no", "views_sought": "yes", "levels": 3,
            "purposes": [{"purpose": "Sort", "basis": "legitimate_interests"}, {"purpose": "Train"}]}  # fmt: skip


@st.composite
def some_answers(draw: st.DrawFn) -> dict[str, Any]:
    kept = draw(st.sets(st.sampled_from(sorted(WHOLE))))
    turned = draw(st.sets(st.sampled_from(sorted(SWITCHES))))
    other = answered(DPIA, {name: SWITCHES[name] for name in turned})
    return {name: WHOLE[name] for name in kept} | other


@given(answers=some_answers(), form=st.sampled_from(FORMS))
@settings(max_examples=80, deadline=None)
def test_every_gap_can_be_closed_and_every_block_counts(answers: dict[str, Any], form: str) -> None:
    view = View(DPIA, answers)
    made = fill(find_form(form), DPIA, answers, DRAFT)
    assert [item.ref for item in made.items] == [item.ref for item in find_form(form).items]
    for gap in made.gaps:
        assert not gap.question or view.is_visible(gap.question), gap
        assert "{" not in gap.text
    for item in made.items:
        for block in item.blocks:
            assert not block.question or view.answer(block.question) is not None
            assert bool(block.text) != bool(block.columns)
            assert all(len(row) == len(block.columns) for row in block.rows)


@given(answers=some_answers(), name=st.sampled_from(sorted(WHOLE)))
@settings(max_examples=50, deadline=None)
def test_an_answer_more_never_leaves_its_own_question_open(
    answers: dict[str, Any], name: str
) -> None:
    given_now = answers | {name: WHOLE[name]}
    for form in FORMS:
        gaps = fill(find_form(form), DPIA, given_now, DRAFT).gaps
        assert f"Not answered yet: {DPIA.question(name).title}" not in {gap.text for gap in gaps}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_typeset_from_nothing_and_from_everything(form: str) -> None:
    for answers in ({}, WHOLE):
        made = fill(find_form(form), DPIA, answers, DRAFT)
        assert render_working_copy(made).startswith(b"%PDF-1.7")
