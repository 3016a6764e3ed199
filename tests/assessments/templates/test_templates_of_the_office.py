"""Each kind of assessment in this folder: a complete example, one gap for each rule, each outcome.

``consistent`` are answers without a finding that could be sent for review as they are; tables of a
pack begin with its entries, ``every`` and ``row_edits`` fill their cells. A gap changes as little as
possible and must break its rule and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.questionnaire import (
    Answer,
    NoFacts,
    blockers,
    check_answer,
    find_template,
    lint,
    load_pack,
    prefill,
    screening_outcome,
    visible_questions,
)

Case = Mapping[str, Any]
CASES: dict[str, Case] = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
}
GAPS = [
    pytest.param(name, gap, id=f"{name}-{gap['rule']}")
    for name, case in CASES.items()
    for gap in case["gaps"]
]
OUTCOMES = [
    pytest.param(name, wanted, id=f"{name}-{wanted['level']}-{n}")
    for name, case in CASES.items()
    for n, wanted in enumerate(case["outcomes"])
]


def answers_of(name: str, change: Case | None = None) -> dict[str, Answer]:
    """The consistent answers of a template, with a change."""
    case, template = CASES[name], find_template(name)
    raw = {found: deepcopy(answer.value) for found, answer in prefill(template, NoFacts(), {}).items()}  # fmt: skip
    raw |= deepcopy(case["consistent"])
    for table, cells in case.get("every", {}).items():
        for row in raw[table]:
            row.update(cells)
    edit_rows(raw, case.get("row_edits", {}))
    edit_rows(raw, (change or {}).get("rows", {}))
    raw |= (change or {}).get("set", {})
    for question in (change or {}).get("drop", []):
        del raw[question]
    return {
        question: check_answer(template.question(question), value)
        for question, value in raw.items()
        if value is not None
    }


def edit_rows(raw: dict[str, Any], edits: Case) -> None:
    for table, rows in edits.items():
        for row_id, cells in rows.items():
            (row,) = (row for row in raw[table] if row["id"] == row_id)
            raw[table].remove(row) if cells is None else row.update(cells)


def rules_broken(name: str, change: Case | None = None) -> set[str]:
    return {finding.rule for finding in lint(find_template(name), answers_of(name, change))}


@pytest.mark.parametrize("name", CASES)
def test_a_complete_example_can_be_sent_for_review_without_any_finding(name: str) -> None:
    template, answers = find_template(name), answers_of(name)
    assert rules_broken(name) == set()
    assert [blocker.text for blocker in blockers(template, answers)] == []
    asked = {question.id for question in visible_questions(template, answers)}
    assert answers.keys() <= asked, "an answer that nobody asked for"


@pytest.mark.parametrize(("name", "gap"), GAPS)
def test_each_rule_finds_its_gap_and_no_other_rule_does(name: str, gap: Case) -> None:
    assert rules_broken(name, gap) == {gap["rule"], *gap.get("also", [])}


@pytest.mark.parametrize("name", CASES)
def test_every_rule_has_a_gap(name: str) -> None:
    rules = [rule.id for rule in find_template(name).lints]
    assert sorted(gap["rule"] for gap in CASES[name]["gaps"]) == sorted(rules)


@pytest.mark.parametrize(("name", "wanted"), OUTCOMES)
def test_each_outcome_is_reached_for_the_reasons_that_speak_for_it(name: str, wanted: Case) -> None:
    template, answers = find_template(name), answers_of(name, wanted)
    found = screening_outcome(template, answers)
    assert found.level == wanted["level"]
    assert [reason.code for reason in found.reasons] == wanted["reasons"]
    assert [further.code for further in found.further] == wanted.get("further", [])
    for score, value in wanted.get("scores", {}).items():
        assert found.scores[score] == (value, value), score
    if wanted.get("is_consistent"):
        assert rules_broken(name, wanted) == set()


@pytest.mark.parametrize("name", CASES)
def test_every_outcome_of_the_template_is_shown(name: str) -> None:
    outcome = find_template(name).outcome
    assert outcome is not None
    levels = {level.id for level in outcome.levels}
    assert levels <= {wanted["level"] for wanted in CASES[name]["outcomes"]}


@pytest.mark.parametrize("name", CASES)
def test_every_question_helps_whoever_answers_it(name: str) -> None:
    for question in find_template(name).questions:
        assert question.hint or question.guidance.why, question.id


STRICTER = [
    pytest.param(name, change, id=name)
    for name, case in CASES.items()
    for change in case.get("stricter", [])
]


@pytest.mark.parametrize(("name", "change"), STRICTER)
def test_special_categories_have_stricter_limits(name: str, change: Case) -> None:
    assert rules_broken(name, change) == set(change["rules"])


def test_the_profile_has_the_subcategories_of_appendix_a_of_the_framework() -> None:
    sizes = {
        "ID.IM": 8, "ID.BE": 3, "ID.RA": 5, "ID.DE": 5,
        "GV.PO": 6, "GV.RM": 3, "GV.AT": 4, "GV.MT": 7,
        "CT.PO": 4, "CT.DM": 10, "CT.DP": 5,
        "CM.PO": 2, "CM.AW": 8,
        "PR.PO": 10, "PR.AC": 6, "PR.DS": 8, "PR.MA": 2, "PR.PT": 4,
    }  # fmt: skip
    pack = load_pack("nist_privacy_framework")
    found = [entry for name, entries in pack.lists.items() if name != "tiers" for entry in entries]
    wanted = [f"{category}-P{n}" for category, size in sizes.items() for n in range(1, size + 1)]
    assert [entry["id"] for entry in found] == wanted
    assert all(entry["law"].startswith("GDPR Art.") for entry in found)
