"""``privacy assessment screenings`` lists what each found, to those who may read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assessments import questionnaire
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.questionnaire.cases import join

CASES = dict.fromkeys(["art35_3_a", "art35_3_b", "art35_3_c", "any_country"], "no")
CRITERIA = dict.fromkeys([f"c{n}" for n in range(1, 10)], "no")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read by every test, changed by none."""
    tmp_path = tmp_path_factory.mktemp("home")
    records = Records.open(Home.locate(tmp_path).prepare().records_url)
    author: Actor = join(records, "ann", "author")
    join(records, "guest")
    for project, answers in (
        ("pr-none", {"personal_data": "no"}),
        ("pr-two", {"personal_data": "yes", **CASES, **CRITERIA, "c1": "yes", "c7": "yes"}),
        ("pr-open", {}),
    ):
        made = questionnaire.start(records, author, "screening", project, f"Screening {project}")
        for name, value in answers.items():
            questionnaire.save_answer(records, author, made, name, value)
    records.close()
    return tmp_path


def listed(home: Path, *more: str, who: str = "ann") -> list[dict[str, Any]]:
    command = ["--home", str(home), "--as", who, "assessment", "screenings", "--json", *more]
    result = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert result.exit_code == 0
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_each_screening_is_listed_with_what_it_found_and_why(home: Path) -> None:
    found = {item["project"]: item for item in listed(home)}
    assert {name: item["outcome"] for name, item in found.items()} == {
        "pr-none": "no_dpia", "pr-two": "dpia_required", "pr-open": "undetermined",
    }  # fmt: skip
    assert found["pr-two"]["reasons"] == ["c1", "c7"]
    assert (found["pr-two"]["decision"], found["pr-two"]["signed"]) == (None, [])


def test_negative_decisions_can_be_listed_alone(home: Path) -> None:
    assert [item["project"] for item in listed(home, "--negative")] == ["pr-none"]


def test_somebody_without_a_role_sees_none(home: Path) -> None:
    assert listed(home, who="guest") == []
