"""``privacy leakage``: the JSON that scripts rely on, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from assessments.errors import NotFound
from assessments.leakage.measurement import RESULT_SCHEMA
from dashboard.cli import cli


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "leakage", *words], catch_exceptions=True)


def answer(home: Path, *words: str) -> dict[str, Any]:
    result = run(home, *words, "--json")
    assert result.exit_code == 0, result.output
    data: dict[str, Any] = json.loads(result.output)
    jsonschema.validate(data, json.loads(RESULT_SCHEMA.read_text()))
    return data


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "people.csv"
    pd.DataFrame({"age": [1, 1, 2, 2], "zip": list("aabb"), "ill": list("ynyy")}).to_csv(
        path, index=False
    )
    return str(path)


def test_reidentification_answers_in_the_documented_shape(tmp_path: Path, table: str) -> None:
    data = answer(
        tmp_path, "reidentification", table, "--qi", "age", "--qi", "zip", "--sensitive", "ill"
    )
    assert data["measure"] == "reidentification"
    assert data["results"]["k_anonymity"] == {"value": 2, "low": 2, "high": 2}
    assert data["results"]["delta_disclosure"]["infinite"] is True
    assert data["inputs"][0]["path"] == table
    assert data["inputs"][0]["rows"] == 4
    assert len(data["inputs"][0]["sha256"]) == 64
    assert data["attribute_disclosure"]["measure"] == "attribute_disclosure"


def test_several_columns_may_follow_one_option(tmp_path: Path, table: str) -> None:
    once = answer(tmp_path, "reidentification", table, "--qi", "age", "zip")
    twice = answer(tmp_path, "reidentification", table, "--qi", "age", "--qi", "zip")
    assert once["results"] == twice["results"]


def test_a_missing_column_is_named(tmp_path: Path, table: str) -> None:
    result = run(tmp_path, "reidentification", table, "--qi", "ages")
    assert isinstance(result.exception, NotFound)
    assert result.exception.where == {"file": table, "column": "ages"}


def test_linkage_answers_in_the_documented_shape(tmp_path: Path, table: str) -> None:
    data = answer(tmp_path, "linkage", table, table, "--on", "age", "zip", "ill")
    assert data["measure"] == "linkage"
    assert data["results"]["unique_links"]["value"] == 2
    assert len(data["inputs"]) == 2


def test_synthetic_answers_in_the_documented_shape_and_the_text_says_the_same(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    words = ["synthetic", "--secret", "c", "--attacks", "60"]
    for name in ("original", "synthetic", "control"):
        frame = pd.DataFrame(
            {
                "a": rng.normal(size=300),
                "b": rng.integers(0, 50, 300),
                "c": rng.choice(list("xy"), 300),
            }
        )
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        words += [f"--{name}", str(tmp_path / f"{name}.csv")]
    data = answer(tmp_path, *words, "--aux", "a", "b")
    assert data["measure"] == "synthetic"
    assert {"exact_copies", "singling_out", "linkability", "inference"} <= set(data["results"])
    assert data["params"]["known"] == ["a", "b"]
    text = run(tmp_path, *words).output
    assert "singling_out" in text
    assert "assumes:" in text
