"""The CNIL's own worked example, imported and written again, against counts taken from the file by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessments import questionnaire
from assessments.exchange.cnil.figures import Figures, Levels, figures
from assessments.exchange.keep import bring_in, preview
from assessments.exchange.loss import Imported
from assessments.exchange.send import export
from assessments.questionnaire import save_answer
from assessments.records import Actor, Records, people
from dashboard.cli import cli

FILE = (
    Path(__file__).resolve().parents[3].parent
    / "shared/data/cnil/pia-example-captoo-2018-02-21.json"
)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not on this machine"),
]
ANNA = Actor.person("anna")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path_factory.mktemp('captoo') / 'records.sqlite'}")
    with opened.change(Actor.system("test")) as change:
        people.add_person(change, "anna", "Anna")
        people.grant_role(change, "anna", "author", reason="test")
    return opened


@pytest.fixture(scope="module")
def imported(records: Records) -> Imported:
    (made,) = bring_in(records, ANNA, preview(FILE.read_bytes(), FILE.name), "pr-1")
    return made


@pytest.fixture(scope="module")
def numbers(records: Records, imported: Imported) -> Figures:
    found = questionnaire.load(records, str(imported.assessment))
    return figures({name: answer.value for name, answer in found.answers.items()})


def test_every_row_of_the_file_arrives(imported: Imported) -> None:
    rows = {
        name: imported.imported[name] for name in ("answers", "measures", "evaluations", "comments")
    }
    assert rows == {"answers": 36, "measures": 23, "evaluations": 40, "comments": 1}


def test_all_36_questions_are_answered(records: Records, imported: Imported) -> None:
    found = questionnaire.load(records, str(imported.assessment))
    asked = [name for name in found.template.by_id if name[0] == "q" and name[1:].isdigit()]
    assert len(asked) == 36
    assert all(name in found.answers for name in asked)
    assert found.answers["pia_status"].value == "signed"
    assert found.title == "Captoo"


def test_evaluations_are_24_improvable_and_16_acceptable(numbers: Figures) -> None:
    assert numbers.verdicts == {"improvable": 24, "acceptable": 16}


def test_risks_before_and_after_are_those_of_the_file(numbers: Figures) -> None:
    assert numbers.initial == {
        "access": Levels(3, 4), "change": Levels(2, 2), "loss": Levels(2, 2),
    }  # fmt: skip
    assert numbers.re_estimated == {"access": Levels(3, 1)}
    assert numbers.residual == {
        "access": Levels(3, 1), "change": Levels(2, 2), "loss": Levels(2, 2),
    }  # fmt: skip


def test_no_action_has_an_owner_or_a_day(numbers: Figures) -> None:
    assert (numbers.actions, numbers.actions_without_owner, numbers.actions_without_day) == (
        24,
    ) * 3


def test_only_settings_of_their_database_have_no_place(imported: Imported) -> None:
    junk = {"dbVersion", "tableName", "serverUrl", "objectStore", "numberOfQuestions"}
    assert {loss.where for loss in imported.losses} == {f"pia.{name}" for name in junk}


def test_every_chosen_measure_is_one_of_the_23(records: Records, imported: Imported) -> None:
    found = questionnaire.load(records, str(imported.assessment))
    lists = [len(found.answers[name].value) for name in ("q324", "q334", "q344")]
    raw = {
        a["reference_to"]: len(a["data"]["list"]) for a in json.loads(FILE.read_bytes())["answers"]
    }
    assert lists == [raw[324], raw[334], raw[344]]


def test_export_of_the_unchanged_import_is_the_same_document(
    records: Records, imported: Imported
) -> None:
    made = export(records, ANNA, str(imported.assessment), "cnil_pia")
    assert json.loads(made.data) == json.loads(FILE.read_bytes())
    assert made.losses == ()


def test_one_edited_answer_is_the_only_difference(records: Records) -> None:
    (made,) = bring_in(records, ANNA, preview(FILE.read_bytes(), FILE.name), "pr-1")
    save_answer(records, ANNA, str(made.assessment), "q215", "Two years <after> the contract.")
    written = json.loads(export(records, ANNA, str(made.assessment), "cnil_pia").data)
    expected = json.loads(FILE.read_bytes())
    (answer,) = (a for a in expected["answers"] if a["reference_to"] == 215)
    answer["data"]["text"] = "<p>Two years &lt;after&gt; the contract.</p>"
    assert written == expected


def test_the_command_tells_the_same_numbers(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), "import", str(FILE), "--json"])
    told = json.loads(result.output)
    rows = [told["imported"][name] for name in ("answers", "measures", "evaluations", "comments")]
    assert rows == [36, 23, 40, 1]
    levels = ("severity", "likelihood", "residual_severity", "residual_likelihood")
    assert [[risk[level] for level in levels] for risk in told["risks"]] == [
        [3, 4, 3, 1], [2, 2, 2, 2], [2, 2, 2, 2],
    ]  # fmt: skip
    assert not any(tmp_path.rglob("*.sqlite*")), "only looked at"
