"""A review by two from the shell: nothing that anybody prints, exports or builds holds a blind vote."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from click.testing import CliRunner, Result

from assessments import questionnaire
from assessments.exchange.formats import writable
from assessments.exchange.send import export
from assessments.questionnaire import check_answer
from assessments.questionnaire.beginning import start_in
from assessments.records import Actor, Records
from assessments.review import rounds
from dashboard.cli import cli
from dashboard.warehouse.record_copy import copy_records
from tests.assessments.grants.requests import EXAMPLE, TODAY, open_office

SECRET = "Xylophone"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = open_office(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def made(records: Records) -> str:
    """Ana's request, sent, waiting for its reviewers."""
    template = questionnaire.find_template("access_request")
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=30)}
    raw = yaml.safe_load(EXAMPLE.read_text("utf-8"))["consistent"] | {"recipient": "uma"} | days
    answers = {name: check_answer(template.question(name), value) for name, value in raw.items()}
    with records.change(Actor.person("ana")) as change:
        found = start_in(change, template, "pr-1", "Invoices for Uma", answers)
    rounds.submit(records, Actor.person("ana"), found)
    return found


def run(home: Path, person: str, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home), "--as", person, *words])


def answer(home: Path, person: str, *words: str) -> Any:
    result = run(home, person, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def text_of(data: bytes) -> str:
    """A file's text; archives (Word, workbooks) with every member."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def exported(records: Records, person: str, made: str) -> str:
    taken = []
    for form in writable():
        try:
            sent = export(records, Actor.person(person), made, form.name)
        except Exception as error:
            taken.append(str(error))
        else:
            taken.append(text_of(sent.data))
    return "".join(taken)


def warehouse(records: Records) -> str:
    with duckdb.connect() as connection:
        copy_records(connection, records)
        tables = [row[0] for row in connection.execute("show tables").fetchall()]
        assert "record_assessment" in tables
        return str([connection.execute(f"from {name}").fetchall() for name in tables])


def test_no_command_export_or_warehouse_shows_a_vote_before_the_round_is_closed(
    tmp_path: Path, records: Records, made: str
) -> None:
    answer(tmp_path, "rosa", "assessment", "assign", made, "rosa", "otto")
    section = questionnaire.load(records, made).sections[0].id
    said = ("--section", section, "--request-changes", "--comment", SECRET)
    answer(tmp_path, "rosa", "assessment", "review", made, *said)
    for person in ("ana", "otto", "olga"):
        shown = [
            run(tmp_path, person, *words, "--json").output
            for words in (("assessment", "show", made), ("assessment", "history", made),
                          ("assessment", "list"), ("assessment", "lint", made))
        ]  # fmt: skip
        assert made in shown[0]
        assert SECRET not in "".join(shown)
        assert SECRET not in exported(records, person, made)
    assert SECRET not in warehouse(records)
    for part in questionnaire.load(records, made).sections:
        answer(tmp_path, "otto", "assessment", "review", made, "--section", part.id)
        if part.id != section:
            answer(tmp_path, "rosa", "assessment", "review", made, "--section", part.id)
    assert run(tmp_path, "rosa", "assessment", "review", made).exit_code == 1
    reason = ("--request-changes", "--reason", "Say it in one sentence.")
    answer(tmp_path, "rosa", "assessment", "settle", made, "--section", section, *reason)
    assert answer(tmp_path, "rosa", "assessment", "review", made)["state"] == "returned"
    assert "Say it in one sentence." in exported(records, "ana", made)


def test_absence_is_said_and_ended_from_the_shell(tmp_path: Path, records: Records) -> None:
    until = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    (grant,) = answer(
        tmp_path, "otto", "user", "away", "uma", "--until", until, "--reason", "Holiday",
        "--role", "approver",
    )["grants"]  # fmt: skip
    (found,) = answer(tmp_path, "ana", "user", "delegations")
    assert (found["absent"], found["delegate"], found["role"]) == ("otto", "uma", "approver")
    assert run(tmp_path, "ana", "user", "back", grant).exit_code == 1
    answer(tmp_path, "otto", "user", "back", grant)
    assert answer(tmp_path, "ana", "user", "delegations") == []
