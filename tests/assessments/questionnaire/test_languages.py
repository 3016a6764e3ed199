"""Another language changes texts and nothing else; what it leaves out stays English."""

from __future__ import annotations

import pytest

from assessments.errors import BadInput
from assessments.questionnaire import find_template, lint, screening_outcome
from assessments.questionnaire.answers import Answer
from assessments.questionnaire.overlay import apply_overlay

SCREENING = find_template("screening")
GERMAN = """
id: screening
language: de
title: Vorprüfung
sections:
  describe: {title: Beschreiben Sie Ihr Vorhaben}
questions:
  plan: {title: "Was haben Sie mit personenbezogenen Daten vor?", hint: Was geht hinein?, why: Weil.}
  new_or_changed: {options: {new: Es ist neu}}
lints:
  number-behind-scale: Nennen Sie die ungefähre Zahl der Menschen.
outcome:
  levels: {no_dpia: {title: Keine Folgenabschätzung nötig}}
  triggers: {c1: Menschen werden bewertet.}
"""


def test_texts_change_and_rules_stay() -> None:
    german = apply_overlay(SCREENING, GERMAN.encode(), "screening.de.yaml")
    assert (german.language, german.title) == ("de", "Vorprüfung")
    assert german.section("describe").title == "Beschreiben Sie Ihr Vorhaben"
    plan = german.question("plan")
    assert plan.title.startswith("Was haben Sie")
    assert plan.guidance.why == "Weil."
    assert plan.guidance.example == SCREENING.question("plan").guidance.example
    assert plan.source == "WP248 rev.01, Anhang 2"
    assert german.question("new_or_changed").options[0].title == "Es ist neu"
    assert german.question("c1").title == SCREENING.question("c1").title
    assert german.sections[0].questions[0] is plan
    assert german.sha256 == SCREENING.sha256


def test_findings_and_outcomes_speak_the_language() -> None:
    german = apply_overlay(SCREENING, GERMAN.encode(), "screening.de.yaml")
    answers = {"personal_data": Answer("yes"), "c5": Answer("yes"), "c1": Answer("yes")}
    assert lint(german, answers)[0].text == "Nennen Sie die ungefähre Zahl der Menschen."
    outcome = screening_outcome(german, answers)
    assert outcome.reasons[0].text == "Menschen werden bewertet."
    assert outcome.level == screening_outcome(SCREENING, answers).level
    trees = screening_outcome(german, {"personal_data": Answer("no")})
    assert trees.title == "Keine Folgenabschätzung nötig"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("plan:", "plam:"),
        ("describe:", "descrive:"),
        ("number-behind-scale:", "number-behind:"),
        ("new: Es ist neu", "old: Es ist alt"),
        ("hint: Was geht hinein?", "show_if: a = yes"),
        ("id: screening", "id: dpia"),
    ],
)
def test_an_overlay_that_names_what_is_not_there_or_a_rule_is_refused(
    right: str, wrong: str
) -> None:
    with pytest.raises(BadInput) as caught:
        apply_overlay(SCREENING, GERMAN.replace(right, wrong).encode(), "screening.de.yaml")
    assert caught.value.where["file"] == "screening.de.yaml"
    assert caught.value.where["line"] > 1


def test_a_language_without_an_overlay_falls_back_to_english() -> None:
    assert find_template("screening", language="xx") == SCREENING
