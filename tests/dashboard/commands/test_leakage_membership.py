"""``privacy leakage membership`` and ``audit``: the JSON that scripts rely on, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from assessments.errors import BadInput
from assessments.leakage.measurement import RESULT_SCHEMA
from dashboard.cli import cli


def run(home: Path, *words: object) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "leakage", *map(str, words)])


def files(folder: Path, shift: float, name: str = "probability") -> tuple[Path, Path]:
    rng = np.random.default_rng(0)
    n = 4000
    member, base = rng.permutation(n) < n // 2, rng.normal(size=n)
    trained = rng.random((n, 8)) < 0.5
    target = base + rng.normal(size=n) + shift * member
    references = base[:, None] + rng.normal(size=trained.shape) + shift * trained
    first, second = folder / "target.parquet", folder / "references.parquet"
    pd.DataFrame(
        {"id": np.arange(n), name: 1 / (1 + np.exp(-target)), "member": member}
    ).to_parquet(first)
    columns: dict[str, Any] = {"id": np.arange(n)}
    for i in range(8):
        columns |= {
            f"{name}_{i}": 1 / (1 + np.exp(-references[:, i])),
            f"member_{i}": trained[:, i],
        }
    pd.DataFrame(columns).to_parquet(second)
    return first, second


def test_membership_answers_in_the_documented_shape(tmp_path: Path) -> None:
    target, reference = files(tmp_path, 3.0)
    result = run(tmp_path, "membership", "--target", target, "--reference", reference, "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    jsonschema.validate(data, json.loads(RESULT_SCHEMA.read_text()))
    assert data["measure"] == "membership"
    for name in ("auc", "tpr_at_fpr_0.1", "tpr_at_fpr_0.01", "tpr_at_fpr_0.001", "rmia_auc"):
        assert set(data["results"][name]) == {"value", "low", "high"}
    assert data["severity"] > 0.5
    assert (data["status"], data["power_check"]["verdict"], data["null_check"]["verdict"]) == (
        "measured", "passed", "passed"
    )  # fmt: skip
    assert [each["path"] for each in data["inputs"]] == [str(target), str(reference)]


def test_without_references_silence_is_inconclusive(tmp_path: Path) -> None:
    target, _ = files(tmp_path, 0.0)
    result = run(tmp_path, "membership", "--target", target)
    assert result.exit_code == 3
    assert "Without reference models" in result.output


def test_a_signal_that_is_not_named_is_refused(tmp_path: Path) -> None:
    target, reference = files(tmp_path, 0.0, "signal")
    result = run(tmp_path, "membership", "--target", target, "--reference", reference)
    assert isinstance(result.exception, BadInput)
    assert result.exception.exit_code == 2
    named = run(
        tmp_path, "membership", "--target", target, "--reference", reference,
        "--transform", "probability", "--fpr", "0.05", "--json",
    )  # fmt: skip
    assert "tpr_at_fpr_0.05" in json.loads(named.output)["results"]


@pytest.mark.parametrize(("accounted", "exit_code"), [("0.5", 1), ("20", 0)])
def test_an_audit_says_no_when_it_refutes_the_accounting(
    tmp_path: Path, accounted: str, exit_code: int
) -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(500) < 0.5
    path = tmp_path / "canaries.csv"
    pd.DataFrame({"loss": np.where(coins, 0.1, 2.0), "member": coins}).to_csv(path, index=False)
    result = run(
        tmp_path, "audit", path, "--delta", "1e-5", "--accounted-epsilon", accounted, "--json"
    )
    assert result.exit_code == exit_code, result.output
    data = json.loads(result.output)
    jsonschema.validate(data, json.loads(RESULT_SCHEMA.read_text()))
    assert data["results"]["exceeds_accounted_epsilon"]["value"] == float(exit_code)
    assert any(note.startswith("Red flag") for note in data["caveats"]) is bool(exit_code)
