"""``privacy grant``: list, show, check with its exit code, revoke with a name, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assessments.errors import NotPermitted
from assessments.records import Actor
from assessments.review.decisions import Outcome, decide
from dashboard.cli import cli
from tests.assessments.grants.requests import open_office, waiting_request


@pytest.fixture
def home(tmp_path: Path) -> Path:
    records = open_office(tmp_path)
    decide(records, Actor.person("otto"), waiting_request(records), Outcome.APPROVED, "Needed.")
    records.close()
    return tmp_path


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), *words])


def answer(home: Path, *words: str) -> Any:
    return json.loads(run(home, *words, "--json").stdout)


def test_the_list_shows_how_each_grant_stands(home: Path) -> None:
    (grant,) = answer(home, "grant", "list")
    assert (grant["person_id"], grant["dataset_id"], grant["standing"]) == ("uma", "d-1", "active")
    assert answer(home, "grant", "list", "--standing", "revoked") == []
    assert answer(home, "grant", "list", "--dataset", "d-2") == []
    assert "active" in run(home, "grant", "list").stdout
    assert grant["id"] in run(home, "grant", "show", grant["id"]).stdout


@pytest.mark.parametrize(("purpose", "code"), [("pu-fraud", 0), ("pu-other", 1)])
def test_a_check_answers_by_its_exit_code(home: Path, purpose: str, code: int) -> None:
    assert run(home, "grant", "check", "uma", "d-1", purpose).exit_code == code


def test_a_check_speaks_of_the_moment_that_it_is_asked_about(home: Path) -> None:
    past = run(home, "grant", "check", "uma", "d-1", "pu-fraud", "--at", "2020-01-01")
    assert past.exit_code == 1


def test_revoking_needs_a_person_with_a_role_and_ends_the_access(home: Path) -> None:
    (grant,) = answer(home, "grant", "list")
    revoke = ("grant", "revoke", grant["id"], "--reason", "The project has ended.")
    assert run(home, *revoke).exit_code == 2
    with pytest.raises(NotPermitted):
        CliRunner().invoke(
            cli, ["--home", str(home), "--as", "uma", *revoke], catch_exceptions=False
        )
    assert run(home, "--as", "rosa", *revoke).exit_code == 0
    assert answer(home, "grant", "show", grant["id"])["standing"] == "revoked"
    assert run(home, "grant", "check", "uma", "d-1", "pu-fraud").exit_code == 1


def test_the_export_holds_every_grant(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out" / "grants.csv"
    assert answer(home, "grant", "export", str(file)) == {"path": str(file), "grants": 1}
    assert file.read_text().count("\n") == 2
