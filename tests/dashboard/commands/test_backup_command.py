"""Backing up, restoring and examining an installation from the shell."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dashboard.cli import cli


def run(home: Path, *arguments: object, code: int = 0) -> Any:
    words = ["--home", str(home), *(str(argument) for argument in arguments), "--json"]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_a_demonstration_moves_to_another_home_and_is_in_order(
    loaded_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVACY_BACKUP_PASSPHRASE", "a long passphrase")
    monkeypatch.setenv("PRIVACY_LEDGER_PASSPHRASE", "for demonstration only")
    home = tmp_path / "home"
    shutil.copytree(loaded_home, home)
    run(home, "backup", "key", tmp_path / "identity.age")
    made = run(home, "backup", "create", tmp_path / "records.age")
    run(home, "backup", "create", tmp_path / "keys.age", "--part", "keys")
    done = run(tmp_path / "new", "restore", tmp_path / "records.age",
               "--identity", tmp_path / "identity.age", "--keys", tmp_path / "keys.age")  # fmt: skip
    assert done["ledger"]["size"] == made["entries"]
    assert done["log"].endswith("/restored-1")
    run(tmp_path / "new", "ledger", "checkpoint")
    assert run(tmp_path / "new", "ledger", "verify")["verdict"] == "VALID"
    before, after = run(home, "kpi", "list"), run(tmp_path / "new", "kpi", "list")
    assert [(k["name"], k["value"]) for k in before] == [(k["name"], k["value"]) for k in after]
    findings = {f["name"]: f["state"] for f in run(tmp_path / "new", "doctor")["findings"]}
    assert {name for name, state in findings.items() if state != "ok"} <= {"backup", "disk"}
