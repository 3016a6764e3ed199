"""The assessment of fundamental rights: whom Article 27 binds, what it asks, one set of questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.questionnaire import View, find_template, lint, load_pack
from tests.assessments.questionnaire.cases import answered, completed

DPIA, FRIA = find_template("dpia"), find_template("fria")
ROWS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("fria_duty.yaml").read_text("utf-8")
)["rows"]
CASES = [(row["area"], kind, bound) for row in ROWS for kind, bound in row["kinds"].items()]
SHARED = {question.id for question in FRIA.questions} & {question.id for question in DPIA.questions}


def given(area: str, kind: str | None) -> dict[str, Any]:
    return {"ai_area": area} | ({"deployer_kind": kind} if kind else {})


@pytest.mark.parametrize(("area", "kind", "bound"), [*CASES, ("none", None, False)])
def test_the_duty_follows_area_and_deployer(area: str, kind: str | None, bound: bool) -> None:
    view = View(DPIA, answered(DPIA, given(area, kind)))
    assert view.is_section_visible(DPIA.section("fundamental_rights")) is bound
    rules = {finding.rule for finding in lint(FRIA, answered(FRIA, given(area, kind)))}
    assert ("article-27-is-not-met" in rules) is not bound


def test_the_table_names_every_area_of_the_pack() -> None:
    assert [row["area"] for row in ROWS] == [
        "none", "infrastructure", *(a["id"] for a in load_pack("ai_act").entries("areas")
                                    if a["id"] not in {"none", "infrastructure"})
    ]  # fmt: skip


def test_a_shared_question_is_the_same_in_both_templates() -> None:
    for name in SHARED:
        both = [
            replace(template.question(name), section_id="", show_if=None)
            for template in (DPIA, FRIA)
        ]
        assert both[0] == both[1], name


@pytest.mark.parametrize("part", "abcdef")
def test_each_part_of_article_27_1_has_a_question_in_both_templates(part: str) -> None:
    for template in (DPIA, FRIA):
        assert any(f"27(1)({part})" in question.source for question in template.questions)


def test_everything_that_article_27_1_asks_is_shared() -> None:
    asked = {q.id for q in FRIA.questions if "Art. 27(1)(" in q.source or ", 27(1)(" in q.source}
    assert len(asked) == 10
    assert asked <= SHARED


def test_a_complete_assessment_of_a_bound_deployer_has_no_finding() -> None:
    raw = completed(FRIA, given("insurance", "private"))
    raw["rights_harms"][0]["response"] = "A person decides again."
    assert lint(FRIA, answered(FRIA, raw)) == []


def test_a_harm_without_response_and_a_group_without_harm_are_found() -> None:
    raw = completed(FRIA, given("insurance", "private"))
    raw["affected_groups"].append({"group": "Relatives", "how": "Their premium follows"})
    rules = {finding.rule: finding.is_blocking for finding in lint(FRIA, answered(FRIA, raw))}
    assert rules == {"harm-has-response": True, "affected-group-is-assessed": False}


def test_a_day_that_was_not_read_in_the_official_journal_says_so() -> None:
    for entry in load_pack("ai_act").entries("dates"):
        assert entry["source"]
        if "2024, Art. 113" not in entry["source"] and "published on" not in entry["source"]:
            assert "Official Journal" in entry["description"]
