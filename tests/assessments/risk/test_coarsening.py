"""The generalisation that a re-identification measurement recommends, made by the real measure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assessments.errors import BadInput
from assessments.questionnaire import find_template
from assessments.risk import recommend
from assessments.risk.coarsening import read_coarsening
from dashboard.cli import cli
from tests.assessments.questionnaire.cases import answered, consistent_dpia

LEAK = {"id": "l1", "subject": "d1", "channel": "reidentification", "measure": "prosecutor_risk",
        "value": 1, "score": 100, "limit": 9, "measured_on": "2026-11-11", "power": "passed"}  # fmt: skip


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four people, two of each age: only the band of twelve ages makes groups of eleven or more."""
    folder = tmp_path_factory.mktemp("measured")
    ages = [20 + n for n in range(12) for _ in range(2)]
    table = "\n".join(["age,illness", *(f"{age},{age % 3}" for age in ages)])
    (folder / "people.csv").write_text(table + "\n")
    bands = "\n".join(f"{age};{age // 4 * 4};20-31" for age in sorted(set(ages)))
    (folder / "age.csv").write_text(bands + "\n")
    made = CliRunner().invoke(
        cli,
        ["--json", "leakage", "reidentification", str(folder / "people.csv"), "--qi", "age",
         "--sensitive", "illness", "--hierarchy", f"age={folder / 'age.csv'}"],
    )  # fmt: skip
    assert made.output.startswith("{"), made.output
    (folder / "measured.json").write_text(made.output)
    return folder / "measured.json"


def test_the_recommended_levels_stand_in_the_option_to_coarsen(measured: Path) -> None:
    found = read_coarsening(measured)
    assert found is not None
    assert (dict(found.levels), found.smallest_group) == ({"age": 2}, 24)
    dpia = find_template("dpia")
    answers = answered(dpia, consistent_dpia() | {"leakage_results": [LEAK]})
    options = {each.rule: each for each in recommend(dpia, answers, coarsening=found)}
    assert "age to level 2" in options["reidentification-coarsen"].changes
    assert "age to level" not in options["reidentification-aggregate"].changes


@pytest.mark.parametrize(
    "content",
    [
        "[",
        "[]",
        {"measure": "membership"},
        {"measure": "reidentification"},
        {"measure": "reidentification", "tables": {"what_if": [{"recommended": True}]}},
        {"measure": "reidentification", "tables": {"what_if": [
            {"recommended": True, "levels": {"age": "2"}, "k": 24, "records_at_risk": 0}]}},
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_measurement_is_refused(tmp_path: Path, content: Any) -> None:
    file = tmp_path / "measured.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(BadInput):
        read_coarsening(file)


def test_a_measurement_that_found_nothing_enough_recommends_nothing(tmp_path: Path) -> None:
    tried = [{"recommended": False, "levels": {"age": 2}, "k": 2, "records_at_risk": 1.0}]
    file = tmp_path / "measured.json"
    file.write_text(json.dumps({"measure": "reidentification", "tables": {"what_if": tried}}))
    assert read_coarsening(file) is None
