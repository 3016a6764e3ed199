"""What a finding says and where it points; ``tests/spec/questionnaire/dpia_lints.yaml`` has the rules."""

from __future__ import annotations

from typing import Any

from assessments.questionnaire import (
    check_answer,
    find_template,
    lint,
    record_sections,
)
from assessments.risk.record import record_measures, record_risks, record_scale
from tests.assessments.questionnaire.cases import answered, consistent_dpia

DPIA = find_template("dpia")


def findings(raw: dict[str, Any]) -> list[str]:
    return [finding.rule for finding in lint(DPIA, answered(DPIA, raw))]


def test_a_consistent_assessment_has_no_finding() -> None:
    assert findings(consistent_dpia()) == []


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
    raw["compliance"].append({"requirement": "processors", "effect": "New", "status": "partial"})
    (finding,) = lint(DPIA, answered(DPIA, raw))
    assert finding.rule == "processor-has-agreement"
    assert not finding.is_blocking


def test_risks_go_on_record_with_both_levels_and_their_measures_by_number() -> None:
    answers = answered(DPIA, consistent_dpia())
    risks = record_risks(DPIA, answers)
    assert [risk["id"] for risk in risks] == ["R1", "R2", "R3", "R4"]
    assert risks[0] | {"title": "", "source": "", "impact": ""} == {
        "id": "R1", "title": "", "kind": "by_design", "source": "", "impact": "",
        "severity": 4, "likelihood": 2, "current_severity": 4, "current_likelihood": 2,
        "residual_severity": 4, "residual_likelihood": 1,
        "measures": ["M1"], "working": [], "acceptable": True,
    }  # fmt: skip
    assert risks[1]["residual_severity"] == risks[1]["severity"]
    (measure,) = record_measures(DPIA, answers, lambda kind, found: f"{kind} {found}")
    assert measure["owner"] == "person own"
    assert record_scale(DPIA, answers)["severity"] == [
        "negligible",
        "limited",
        "important",
        "maximum",
    ]


def test_a_table_goes_on_record_with_the_labels_of_the_rows_it_refers_to() -> None:
    sections = record_sections(DPIA, answered(DPIA, consistent_dpia()))
    questions = {q["id"]: q for section in sections for q in section["questions"]}
    assert questions["retention"]["rows"] == [
        ["Calls", "Name, Symptoms", "To sort", "", "", "2 years", "Claims lapse", "", ""]
    ]
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
