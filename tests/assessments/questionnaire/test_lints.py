"""Each consistency rule finds its own gap, and nothing in a consistent assessment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assessments.questionnaire import (
    check_answer,
    find_template,
    lint,
    record_measures,
    record_risks,
    record_scale,
    record_sections,
)
from tests.assessments.questionnaire.cases import answered, consistent_dpia

DPIA = find_template("dpia")


def findings(raw: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in lint(DPIA, answered(DPIA, raw))]


def test_a_consistent_assessment_has_no_finding() -> None:
    assert findings(consistent_dpia()) == []


def edit(question: str, row: int, **cells: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw[question][row].update(cells)


def drop(question: str, row: int) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw[question].pop(row)


GAPS: dict[str, tuple[Callable[[dict[str, Any]], Any], set[str]]] = {
    "a special item without a ground": (
        edit("data_items", 0, special="yes"), {"special-item-has-ground"}),
    "a purpose without a basis": (edit("purposes", 0, basis=None), {"purpose-has-basis"}),
    "an item that nothing deletes": (
        edit("retention", 0, items=["i1"]), {"item-has-retention"}),
    "an item without a purpose": (
        edit("purposes", 0, items=["i2"]), {"item-serves-purpose"}),
    "a secondary use without a reason": (
        edit("purposes", 0, secondary="yes"), {"secondary-use-compatible"}),
    "a harm that is not rated": (
        edit("inherent", 0, threat="e1"),
        {"by-design-threat-is-rated", "unacceptable-risk-has-measure", "unacceptable-risk-has-residual"}),
    "a threat that is not rated": (drop("inherent", 1), {"event-is-rated"}),
    "a feared event that is not covered": (
        edit("events", 2, event="access"), {"three-events-covered"}),
    "an unacceptable risk without a measure": (
        edit("measures", 0, threats=["e1"]), {"unacceptable-risk-has-measure"}),
    "an unacceptable risk without a remainder": (
        edit("residual", 0, threat="e1", severity=2), {"unacceptable-risk-has-residual"}),
    "a risk that grew": (
        edit("residual", 0, likelihood=3), {"residual-not-higher", "high-residual-not-accepted-silently"}),
    "a high risk kept quiet": (
        edit("residual", 0, acceptable="no"), {"high-residual-not-accepted-silently"}),
    "a transfer without a row": (lambda raw: raw.update(outside_eea="yes"), {"transfer-has-row"}),
    "a planned measure without a day": (
        edit("measures", 0, due_on=None), {"planned-measure-has-owner-and-day"}),
    "an empty required cell": (edit("retention", 0, period=None), {"cell-missing"}),
    "a reference to a row that is gone": (
        drop("data_items", 0), {"reference-gone"}),
    "a leak that is no threat": (
        lambda raw: (
            edit("events", 0, attack=None)(raw),
            raw.update(leakage_results=[
                {"subject": "m", "channel": "membership", "measure": "tpr", "score": 42, "limit": 9,
                 "power": "passed"}]),
        ), {"leakage-over-limit-is-a-threat"}),
    "a result that proves nothing": (
        lambda raw: raw.update(leakage_results=[
            {"subject": "m", "channel": "membership", "measure": "tpr", "score": 0, "limit": 9,
             "power": "not_run"}]), {"result-without-power"}),
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_each_rule_finds_its_gap_and_no_other_does(gap: str) -> None:
    breaks, expected = GAPS[gap]
    raw = consistent_dpia()
    breaks(raw)
    assert set(findings(raw)) == expected


def test_every_rule_of_the_template_is_shown_to_find_something() -> None:
    shown = set().union(*(rules for _, rules in GAPS.values()))
    rules = {rule.id for rule in DPIA.lints} - {"processor-has-agreement", "leakage-was-measured"}
    assert rules <= shown


def test_a_finding_names_its_row_its_column_and_its_source() -> None:
    raw = consistent_dpia()
    raw["purposes"][0]["basis"] = None
    (finding,) = lint(DPIA, answered(DPIA, raw))
    assert (finding.question, finding.row, finding.column) == ("purposes", "p1", "basis")
    assert "Sort calls" in finding.text
    assert "Art. 6(1)" in finding.source


def test_a_finding_over_an_unanswered_table_is_pending() -> None:
    raw = consistent_dpia()
    del raw["retention"]
    found = lint(DPIA, answered(DPIA, raw))
    assert {f.rule for f in found} == {"item-has-retention"}
    assert all(f.is_pending for f in found)


def test_a_warning_for_a_processor_without_agreement_does_not_block() -> None:
    raw = consistent_dpia()
    raw["recipients"] = [{"recipient": "Cloud", "role": "processor", "agreement": "no"}]
    (finding,) = lint(DPIA, answered(DPIA, raw))
    assert finding.rule == "processor-has-agreement"
    assert not finding.is_blocking


def test_risks_go_on_record_with_both_levels_and_their_measures_by_number() -> None:
    answers = answered(DPIA, consistent_dpia())
    risks = record_risks(DPIA, answers)
    assert [risk["id"] for risk in risks] == ["R1", "R2", "R3", "R4"]
    assert risks[0] | {"title": "", "source": "", "impact": ""} == {
        "id": "R1", "title": "", "kind": "by_design", "source": "", "impact": "",
        "severity": 4, "likelihood": 2, "residual_severity": 4, "residual_likelihood": 1,
        "measures": ["M1"], "acceptable": True,
    }  # fmt: skip
    assert risks[1]["residual_severity"] == risks[1]["severity"]
    (measure,) = record_measures(DPIA, answers, lambda kind, found: f"{kind} {found}")
    assert measure["owner"] == "person own"
    assert record_scale(DPIA)["severity"] == ["negligible", "limited", "important", "maximum"]


def test_a_table_goes_on_record_with_the_labels_of_the_rows_it_refers_to() -> None:
    sections = record_sections(DPIA, answered(DPIA, consistent_dpia()))
    questions = {q["id"]: q for section in sections for q in section["questions"]}
    assert questions["retention"]["rows"] == [["Calls", "Name, Symptoms", "", "2 years", "", ""]]
    assert questions["inherent"]["rows"][0][:3] == ["Late help", "4 maximum", "2 limited"]
    assert questions["controller"]["status"] == "not_provided"


def test_set_aside_answers_are_not_on_record() -> None:
    answers = answered(DPIA, consistent_dpia())
    answers["transfers"] = check_answer(
        DPIA.question("transfers"), [{"recipient": "x", "country": "US", "mechanism": "scc"}]
    )
    ids = {q["id"] for s in record_sections(DPIA, answers) for q in s["questions"]}
    assert "transfers" not in ids
    assert not lint(DPIA, answers)
