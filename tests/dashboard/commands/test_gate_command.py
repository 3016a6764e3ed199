"""``privacy gate``, ``override``, ``action`` and ``condition``: exit codes, and the guide's own commands."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from junitparser import JUnitXml

from assessments.errors import NotPermitted
from assessments.records import Actor, Records, people
from assessments.review.gate_junit import CHECKS
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/how-to/gate-a-release.md").read_text("utf-8")
PROJECTS = ROOT / "sample_data" / "exports" / "projects.csv"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The projects of the sample, and three people."""
    folder = tmp_path_factory.mktemp("gate")
    records = Records.open(Home(folder).prepare().records_url)
    with records.change(Actor.system("test")) as change:
        for name, role in (("ann", "author"), ("rosa", "reviewer"), ("otto", "approver")):
            people.add_person(change, name, f"{name.title()} Private-Name")
            people.grant_role(change, name, role, reason="test")
    records.close()
    load_paths(Home(folder), [PROJECTS], options=Options(is_declared=False))
    return folder


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words], catch_exceptions=False)


def answer(home: Path, *words: str) -> Any:
    return json.loads(run(home, *words, "--json").stdout)


def snippets() -> list[Any]:
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.S)]


def commands() -> list[str]:
    github, gitlab = snippets()
    steps = [step["run"] for step in github["jobs"]["privacy"]["steps"] if "run" in step]
    return [*steps, *gitlab["privacy"]["script"]]


@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_pipelines_close_them_and_leave_a_report(
    home: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program, *words = shlex.split(command)
    assert program == "privacy"
    assert run(home, *words).exit_code == 1
    (suite,) = JUnitXml.fromfile("gate.xml")
    assert suite.failures == 1


def test_the_guide_names_every_kind_of_reason() -> None:
    kinds = {kind for group in CHECKS.values() for kind in group} - {"action_open"}
    assert kinds <= set(re.findall(r"`(\w+)`", GUIDE))


@pytest.mark.parametrize("line", re.findall(r"^    privacy (.*)$", GUIDE, re.M))
def test_every_command_of_the_guide_is_one_that_exists(
    home: Path, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)
    result = CliRunner().invoke(cli, ["--home", str(home), *words])
    assert "No such" not in result.output
    assert "Missing" not in result.output


def test_the_gate_opens_by_override_of_two_people(home: Path) -> None:
    until = (TODAY + timedelta(days=3)).isoformat()
    made = answer(home, "--as", "ann", "override", "ask", "pr-churn", "--reason", "Now", "--until", until)  # fmt: skip
    assert run(home, "gate", "pr-churn").exit_code == 1
    with pytest.raises(NotPermitted):
        run(home, "--as", "ann", "override", "grant", made["id"])
    assert run(home, "--as", "otto", "override", "grant", made["id"]).exit_code == 0
    opened = run(home, "gate", "pr-churn")
    assert (opened.exit_code, f"until {until}" in opened.stdout) == (0, True)
    found = answer(home, "gate", "pr-churn")
    assert (found["open"], [r["kind"] for r in found["reasons"]]) == (True, ["no_approval"])
    run(home, "--as", "rosa", "override", "end", made["id"], "--reason", "Measured.")
    assert run(home, "gate", "pr-churn").exit_code == 1
    assert "ended" in run(home, "override", "list", "--project", "pr-churn").stdout


def test_actions_are_added_listed_and_closed_from_the_shell(home: Path) -> None:
    due = (TODAY + timedelta(days=3)).isoformat()
    add = ("action", "add", "Measure it", "--owner", "rosa", "--due", due, "--project", "pr-churn")
    assert run(home, *add).exit_code == 2
    made = answer(home, "--as", "ann", *add)
    assert [item["id"] for item in answer(home, "action", "due")] == [made["id"]]
    assert answer(home, "action", "list", "--overdue") == []
    assert "Measure it" in run(home, "action", "list", "--owner", "rosa").stdout
    closed = answer(home, "--as", "rosa", "action", "close", made["id"], "--note", "Measured.")
    assert closed["status"] == "done"
    assert run(home, "action", "due").stdout == "Nothing is due.\n"
    again = answer(home, "--as", "ann", *add)
    dropped = answer(home, "--as", "otto", "action", "close", again["id"], "--drop", "No model.")
    assert dropped["status"] == "dropped"
