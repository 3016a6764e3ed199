"""``privacy assessment view`` lays one out, says what is lacking, and keeps to permissions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assessments import questionnaire
from assessments.errors import BadInput, NotFound, NotPermitted
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.cli import cli
from tests.assessments.questionnaire.cases import completed, consistent_dpia, join


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read by every test, changed by none."""
    tmp_path = tmp_path_factory.mktemp("home")
    records = Records.open(Home.locate(tmp_path).prepare().records_url)
    author: Actor = join(records, "ann", "author")
    join(records, "guest")
    for template in ("dpia", "screening"):
        made = questionnaire.start(records, author, template, "p", template)
        (tmp_path / template).write_text(made)
    raw = completed(questionnaire.find_template("dpia"), consistent_dpia())
    for name, value in raw.items():
        questionnaire.save_answer(records, author, (tmp_path / "dpia").read_text(), name, value)
    records.close()
    return tmp_path


def view(home: Path, *more: str, who: str = "ann", template: str = "dpia") -> Result:
    wanted = ["assessment", "view", (home / template).read_text(), *more]
    return CliRunner().invoke(
        cli, ["--home", str(home), "--as", who, *wanted], catch_exceptions=False
    )


def test_the_answer_names_every_item_and_what_is_lacking(home: Path) -> None:
    found = json.loads(view(home, "--as", "ico", "--json").stdout)
    assert [section["ref"] for section in found["sections"]] == list("01234567")
    lacking = {ref for one in found["lacking"] for ref in one["refs"]}
    assert {"6.3", "7.1", "7.3", "7.4", "7.5"} <= lacking
    (item,) = [i for s in found["sections"] for i in s["items"] if i["ref"] == "5.2"]
    assert item["filled_by"][0]["rows"][0][:3] == ["Late help", "Possible", "Severe"]


def test_people_read_numbers_marks_and_the_list_of_what_is_lacking(home: Path) -> None:
    text = view(home, "--as", "cnil").stdout
    assert "  ok 214 Data is accurate and up to date" in text
    assert "  ! 4.4 Validation by the controller" in text
    assert "  Nobody has decided yet. (4.4)" in text


def test_complete_exits_one_while_something_is_lacking(home: Path) -> None:
    assert view(home, "--as", "ico").exit_code == 0
    assert view(home, "--as", "ico", "--complete").exit_code == 1


def test_the_pdf_is_written_where_it_was_asked_for(home: Path) -> None:
    target = home / "ico.pdf"
    assert view(home, "--as", "ico", "--pdf", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF-1.7")


def test_an_unknown_view_and_a_view_of_another_kind_are_refused(home: Path) -> None:
    with pytest.raises(NotFound, match="no view"):
        view(home, "--as", "poem")
    with pytest.raises(BadInput, match="not made from this kind"):
        view(home, "--as", "ico", template="screening")


def test_somebody_who_may_not_read_the_assessment_sees_no_view_of_it(home: Path) -> None:
    with pytest.raises(NotPermitted):
        view(home, "--as", "ico", who="guest")
