"""The spec table of the DPIA's rules holds: each is tripped at its cell, and silent where it should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assessments.questionnaire import Finding, find_template, lint
from tests.assessments.questionnaire.cases import answered, consistent_dpia

DPIA = find_template("dpia")
ROWS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("dpia_lints.yaml").read_text("utf-8")
)["rows"]
BUILT_IN = {"cell-missing", "reference-gone"}


def findings(edits: dict[str, Any]) -> list[Finding]:
    raw = consistent_dpia()
    for path, value in edits.items():
        edit(raw, path, value)
    kept = {name: value for name, value in raw.items() if value}
    return lint(DPIA, answered(DPIA, kept))


def edit(raw: dict[str, Any], path: str, value: Any) -> None:
    table, _, rest = path.partition(".")
    row_id, _, column = rest.partition(".")
    if not row_id:
        raw[table] = value
    elif row_id == "+":
        raw.setdefault(table, []).append(value)
    elif column:
        next(row for row in raw[table] if row["id"] == row_id)[column] = value
    else:
        raw[table] = [row for row in raw[table] if row["id"] != row_id]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule"])
def test_each_rule_finds_its_gap_at_its_cell_and_no_other_does(row: dict[str, Any]) -> None:
    found = findings(row["trips"])
    assert {finding.rule for finding in found} == {row["rule"], *row.get("also", [])}
    question, row_id, column = row["at"].split(".") + [""] * (2 - row["at"].count("."))
    places = {(f.question, f.row or "", f.column or "") for f in found if f.rule == row["rule"]}
    assert (question, row_id, column) in places


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["rule"])
def test_each_rule_is_silent_where_nothing_is_wrong(row: dict[str, Any]) -> None:
    assert row["rule"] not in {finding.rule for finding in findings(row["silent"])}


def test_every_rule_of_the_template_has_a_row() -> None:
    assert {row["rule"] for row in ROWS} - BUILT_IN == {rule.id for rule in DPIA.lints}


def test_every_rule_names_an_article_or_the_paper_behind_it() -> None:
    for rule in DPIA.lints:
        assert any(word in rule.source for word in ("Art. ", "EDPB", "NIST")), rule.id
