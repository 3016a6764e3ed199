"""``privacy assessment lint``, ``diff`` and ``upgrade`` from the shell, with their exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assessments import questionnaire as q
from assessments.questionnaire import library
from assessments.records import Records
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.questionnaire.cases import join

TEMPLATE = """
id: small
version: '1'
title: Small
kind: test
source: own words
roles: [author]
sections:
  - id: one
    title: Say
    source: own words
    questions:
      - id: copies
        type: table
        title: Where is it kept?
        source: s
        columns:
          - {id: place, title: Place, type: text}
          - {id: years, title: Years, type: number}
lints:
  - {id: not-long, severity: blocking, each: copies, require: years <= 5, question: copies, column: years, source: GDPR Art. 5(1)(e), text: "{label} is kept long."}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "small.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(library, "_folder", lambda: folder)
    library.find_template.cache_clear()
    yield Home(tmp_path / "home").prepare()
    library.find_template.cache_clear()


@pytest.fixture
def made(home: Home) -> Iterator[str]:
    records = Records.open(home.records_url)
    ann = join(records, "ann", "author")
    join(records, "rosa", "reviewer")
    found = q.start(records, ann, "small", "p", "Small")
    q.save_answer(records, ann, found, "copies", [{"id": "c1", "place": "Lake", "years": 9}])
    yield found
    records.close()


def run(home: Home, person: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.path), "--as", person, *arguments])


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_blocking_finding_ends_with_1_until_it_is_accepted(home: Home, made: str) -> None:
    lint = ("--json", "assessment", "lint", made)
    found = run(home, "ann", *lint)
    assert found.exit_code == 1
    (finding,) = told(found)
    assert (finding["finding"], finding["state"]) == ("not-long:c1", "open")
    assert finding["source"] == "GDPR Art. 5(1)(e)"
    proposed = run(home, "ann", *lint, "--deviate", "not-long:c1", "--reason", "Archive law")
    assert (proposed.exit_code, told(proposed)[0]["state"]) == (1, "proposed")
    accepted = run(home, "rosa", *lint, "--accept", "not-long:c1")
    assert (accepted.exit_code, told(accepted)[0]["state"]) == (0, "set_aside")
    assert told(accepted)[0]["deviation"]["accepted_by"] == "rosa"
    taken_back = run(home, "rosa", *lint, "--withdraw", "not-long:c1")
    assert (taken_back.exit_code, told(taken_back)[0]["state"]) == (1, "open")


def test_the_list_says_law_and_cell_in_words(home: Home, made: str) -> None:
    shown = run(home, "ann", "assessment", "lint", made).stdout
    assert "Lake is kept long." in shown
    assert "law:  GDPR Art. 5(1)(e)" in shown
    assert "cell: Where is it kept?, row 1, Years" in shown


def test_two_wishes_at_once_are_a_usage_error(home: Home, made: str) -> None:
    both = run(home, "ann", "assessment", "lint", made, "--accept", "a", "--withdraw", "a")
    assert both.exit_code == 2


def test_the_difference_names_cells(home: Home, made: str) -> None:
    found = told(run(home, "ann", "--json", "assessment", "diff", made, "--from", "2020-01-01"))
    assert [item["question"] for item in found] == ["copies"]
    assert run(home, "ann", "assessment", "diff", made, "--from", "round-7").exit_code != 0


def test_there_is_nothing_to_upgrade_on_the_newest_version(home: Home, made: str) -> None:
    looked = told(run(home, "ann", "--json", "assessment", "upgrade", made, "--look"))
    assert (looked["from"], looked["to"], looked["changes"]) == ("1", "1", [])
