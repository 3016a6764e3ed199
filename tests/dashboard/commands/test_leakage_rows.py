"""From an experiment to a closed gate: measure, turn into rows, load, ask the gate."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from assessments.leakage.results_file import as_row
from dashboard.cli import cli


def run(home: Path, *arguments: object, codes: tuple[int, ...] = (0,)) -> Any:
    words = ["--home", str(home), *(str(argument) for argument in arguments)]
    result = CliRunner().invoke(cli, [*words, "--json"])
    assert result.exit_code in codes, result.output
    return json.loads(result.stdout)


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A table in which most people stand alone, measured for real."""
    random = np.random.default_rng(7)
    table = pd.DataFrame({"age": random.integers(18, 90, 400), "zip": random.integers(0, 900, 400),
                          "sick": random.integers(0, 2, 400)})  # fmt: skip
    table.to_csv(tmp_path / "people.csv", index=False)
    found = run(tmp_path / "none", "leakage", "reidentification", tmp_path / "people.csv",
                "--qi", "age", "--qi", "zip", "--sensitive", "sick")  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps(found))
    return tmp_path / "result.json"


@pytest.fixture
def refuted(tmp_path: Path) -> Path:
    """An audit whose small bound is below every limit of the score, and above what was accounted."""
    random = np.random.default_rng(0)
    coins = random.random(2000) < 0.5
    canaries = pd.DataFrame({"logit": random.normal(size=2000) + 0.9 * coins, "member": coins})
    canaries.to_csv(tmp_path / "canaries.csv", index=False)
    found = run(tmp_path / "none", "leakage", "audit", tmp_path / "canaries.csv", "--delta", 1e-5,
                "--accounted-epsilon", 0.01, codes=(1,))  # fmt: skip
    (tmp_path / "audit.json").write_text(json.dumps(found))
    return tmp_path / "audit.json"


@pytest.fixture
def doubtful(measured: Path, tmp_path: Path) -> Path:
    """The same, had it shown nothing and left room for more than every limit."""
    found = json.loads(measured.read_text())
    for part in (found, *(each for each in found.values() if isinstance(each, dict))):
        if "severity" in part:
            part |= {"severity": 0.0, "severity_high": 0.3}
    (tmp_path / "doubtful.json").write_text(json.dumps(found))
    return tmp_path / "doubtful.json"


def test_a_measured_leak_and_a_refuted_accounting_close_the_gate_of_their_project(
    measured: Path, refuted: Path, doubtful: Path, loaded_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(loaded_home, home)
    before = {r["kind"] for r in run(home, "gate", "pr-heat", codes=(0, 1))["reasons"]}
    assert "leakage" not in before
    run(home, "--as", "p-003", "leakage", "register", doubtful, "--project", "pr-heat",
        "--model", "m-heat-1", "--on", "2026-11-20")  # fmt: skip
    reasons = run(home, "gate", "pr-heat", codes=(1, 3))["reasons"]
    (unclear,) = [r["what"] for r in reasons if r["kind"] == "leakage_inconclusive"]
    assert unclear.startswith("m-heat-1 may leak up to ")
    made = run(home, "leakage", "rows", measured, refuted, "--subject", "model:m-heat-1",
               "--on", "2026-11-20", "--out", tmp_path / "rows.csv")  # fmt: skip
    assert (made["rows"], made["valid"]) == (2, 2)
    landed = run(home, "load", tmp_path / "rows.csv", "--kind", "leakage_results")["files"][0]
    assert (landed["landed"], landed["quarantined"]) == (2, 0)
    after = run(home, "gate", "pr-heat", codes=(1,))["reasons"]
    assert {"leakage", "accounting_refuted"} <= {r["kind"] for r in after}
    registered = run(home, "--as", "p-003", "leakage", "register", measured, "--project", "pr-fleet",
                     "--model", "m-fleet-6", "--on", "2026-11-20")  # fmt: skip
    assert [each["counts"] for each in registered] == [True, True]
    fleet = run(home, "gate", "pr-fleet", codes=(1,))["reasons"]
    assert [r["what"] for r in fleet if r["kind"] == "leakage"]
    stranger = ["--home", str(home), "--as", "p-003", "leakage", "register", str(measured),
                "--project", "pr-fleet", "--model", "m-heat-1"]  # fmt: skip
    assert "has no model m-heat-1" in str(CliRunner().invoke(cli, stranger).exception)


def test_the_row_of_a_refuted_accounting_says_so(refuted: Path, tmp_path: Path) -> None:
    found = json.loads(refuted.read_text())
    row = as_row(found, "model", "m-1", date(2026, 11, 20))
    assert (row["channel"], row["measure"]) == ("membership_audit", "epsilon_above_accounted")
    found["results"]["exceeds_accounted_epsilon"]["value"] = 0
    assert as_row(found, "model", "m-1", date(2026, 11, 20))["measure"] == "epsilon_lower_bound"


def test_an_inconclusive_result_gives_no_row(measured: Path, tmp_path: Path) -> None:
    grey = json.loads(measured.read_text()) | {"severity": None, "status": "inconclusive"}
    (tmp_path / "grey.json").write_text(json.dumps(grey))
    words = ["leakage", "rows", str(tmp_path / "grey.json"), "--subject", "model:m", "--out",
             str(tmp_path / "rows.csv")]  # fmt: skip
    assert CliRunner().invoke(cli, words).exception is not None
    assert not (tmp_path / "rows.csv").exists()


@pytest.mark.parametrize("verdict", ["failed", "not_run"])
def test_a_result_whose_checks_failed_does_not_count(
    measured: Path, tmp_path: Path, verdict: str
) -> None:
    weak = json.loads(measured.read_text())
    weak["power_check"]["verdict"] = verdict
    (tmp_path / "weak.json").write_text(json.dumps(weak))
    made = run(tmp_path / "none", "leakage", "rows", tmp_path / "weak.json", "--subject", "model:m",
               "--out", tmp_path / "rows.csv")  # fmt: skip
    assert made["valid"] == 0
    assert "invalid" in (tmp_path / "rows.csv").read_text()
