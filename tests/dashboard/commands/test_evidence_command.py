"""A pipeline attaches what it measured, and the answer rests on it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assessments import questionnaire
from assessments.errors import BadInput
from assessments.evidence.store import path_of
from assessments.records import Records
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.questionnaire.cases import join


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def dpia(home: Home) -> str:
    records = Records.open(home.records_url)
    made = questionnaire.start(records, join(records, "ann", "author"), "dpia", "p", "DPIA")
    records.close()
    return made


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.path), "--as", "ann", "evidence", *words])


def test_files_are_added_beside_those_that_are_there(home: Home, dpia: str, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name)
        added = run(
            home, "add", dpia, "evidence", str(tmp_path / name), "--expires", "2027-06-30", "--json"
        )
        assert added.exit_code == 0, added.output
    listed = json.loads(run(home, "list", dpia, "--json").output)["evidence"]
    assert [(e["name"], e["expires_on"], e["sha256"]) for e in listed] == [
        (name, "2027-06-30", hashlib.sha256(name.encode()).hexdigest())
        for name in ("one.txt", "two.txt")
    ]


def test_a_question_without_files_takes_none(home: Home, dpia: str, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("one")
    refused = run(home, "add", dpia, "processing_name", str(tmp_path / "one.txt"))
    assert isinstance(refused.exception, BadInput)
    assert not any(path.is_file() for path in home.evidence.rglob("*"))


def test_the_check_says_no_when_a_file_was_altered(home: Home, dpia: str, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("one")
    run(home, "add", dpia, "evidence", str(tmp_path / "one.txt"))
    assert run(home, "check").exit_code == 0
    digest = hashlib.sha256(b"one").hexdigest()
    path_of(home, digest).write_text("other")
    damaged = run(home, "check", "--json")
    assert damaged.exit_code == 1
    assert json.loads(damaged.output) == {"damaged": [{"sha256": digest, "kind": "altered"}]}
