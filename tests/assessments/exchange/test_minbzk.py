"""Output files of the Dutch form. The files here are made up after the published structure of the form:
answers by task id, repetitions as lists with _index, pictures as data URIs."""

import base64
import json
from typing import Any

import pytest

from assessments.errors import BadInput
from assessments.exchange.frame import ForeignFile, Reading
from assessments.exchange.keep import preview
from assessments.exchange.minbzk import FORMAT
from assessments.exchange.minbzk.answers import collect
from assessments.exchange.minbzk.read import read, recognise

AT = "2026-03-2{}T08:28:37.487Z"
PICTURE = "data:image/webp;base64," + base64.b64encode(b"x" * 300).decode()


def said(value: Any, day: int = 6, by: str | None = None) -> dict[str, Any]:
    return {"value": value, "lastEditedAt": AT.format(day)} | ({"lastEditedBy": by} if by else {})


def output(urn: str, answers: dict[str, Any], **more: Any) -> ForeignFile:
    content = {
        "$schema": "x",
        "metadata": {"urn": urn, "createdAt": AT.format(9)},
        "answers": answers,
    }
    return ForeignFile("output.json", b"{}", content | more)


def prescan(**answers: Any) -> Reading:
    file = output("urn:nl:prescan:2.0", {key.replace("_", "."): v for key, v in answers.items()})
    assert recognise(file)
    return read(file)[0]


def dpia(answers: dict[str, Any]) -> Reading:
    return read(output("urn:nl:dpia:3.0", answers))[0]


def whats(reading: Reading, where: str) -> list[str]:
    return [loss.what for loss in reading.losses if where in loss.where]


PRESCAN = {
    "0_2": said("Wij meten.", 1, "J. Jansen"), "0_3": said("Om te sturen.", 8, "P. de Vries"),
    "0_4": said("Rechtsgrond taak van algemeen belang"), "1_1_1": said("true"),
    "1_2_1": said("false"), "2_1_1": said("true"),
    "2_1_6": said("Standaard contractsbepaling (SCC)"),
    "4_1": said(["Lijst EDPB: Koppelen van datasets", "Lijst EDPB: Geautomatiseerde besluitvorming"]),
    "3_1": said(["Lijst AP: Zwarte lijsten", "Lijst AP: Profilering"]), "7_1_2": said("false"),
    "6_1_2": said("true"), "9_9": said("?"),
}  # fmt: skip


def test_a_pre_scan_becomes_a_screening() -> None:
    reading = prescan(**PRESCAN)
    values = {question: given.value for question, given in reading.answers.items()}

    assert reading.template == "screening"
    assert values["plan"] == "Wij meten.\n\nOm te sturen."
    assert values["personal_data"] == "yes"
    assert (values["outside_eea"], values["transfer_ground"]) == ("yes", "scc")
    assert (values["c2"], values["c6"]) == ("yes", "yes")
    assert values["listed_operations"] == ["nl_blacklists", "nl_profiling"]
    assert (values["countries"], values["any_country"]) == (["nl"], "yes")
    assert (values["children"], values["high_risk_ai"]) == ("no", "yes")
    assert "Lawful basis: Rechtsgrond taak van algemeen belang" in values["facts_on_criteria"]


def test_each_answer_knows_its_task_its_newest_day_and_its_editors() -> None:
    plan = prescan(**PRESCAN).answers["plan"]

    assert plan.row == "task 0.2, 0.3"
    assert plan.as_of == AT.format(8)
    assert plan.note == "Last edited by J. Jansen, P. de Vries"


def test_a_box_without_a_tick_is_not_taken_for_a_no() -> None:
    reading = prescan(**PRESCAN)

    assert not {"c1", "c9"} & set(reading.answers)
    assert whats(reading, "answers[4.1]") == ["c1, c3, c4, c5, c7, c8, c9"]


def test_no_personal_data_needs_every_answer_to_be_no() -> None:
    some = prescan(**{"1_1_1": said("false")})
    every = prescan(**{f"1_{n}_1": said("false") for n in (1, 2, 3)})

    assert "personal_data" not in some.answers
    assert every.answers["personal_data"].value == "no"


def test_what_has_no_question_and_unknown_fields_are_reported() -> None:
    file = output("urn:nl:prescan:2.0", {"9.9": said("?"), "2.1.6": said("Overig mechanisme"),
                                         "1.1.1": said("true") | {"mood": 1}, "x": said("y")}, extra=1)  # fmt: skip
    reading = read(file)[0]

    assert whats(reading, "answers[9.9]") == ["task 9.9"]
    assert whats(reading, "answers[2.1.6]") == ["task 2.1.6"]
    assert whats(reading, "answers[1.1.1].mood") == ["a field"]
    assert whats(reading, "answers[x]") == ["an unknown key"]
    assert whats(reading, "extra") == ["a field"]


def test_every_answer_of_a_pre_scan_fits_the_question_it_goes_to() -> None:
    answers = {key.replace("_", "."): value for key, value in PRESCAN.items()}
    content = {"metadata": {"urn": "urn:nl:prescan:2.0"}, "answers": answers}
    found = preview(json.dumps(content).encode(), "output.json", "minbzk")

    assert len(found.readings[0].answers) == len(prescan(**PRESCAN).answers)


DPIA: dict[str, Any] = {
    "1.1": said("De dienst."), "14.1": said("Geen alternatief."), "18": said("Kort."),
    "2.1": [
        {"_index": 0, "2.1.1": said("E-mailadres"), "2.1.2": said(["Burgers"])},
        {"_index": 1, "2.1.1": said("BSN"), "2.1.2": said(["Burgers", "Ondernemers"])},
        *[{"_index": n, "2.1.1": said(""), "2.1.2": said([])} for n in range(2, 40)],
    ],
    "1.2": [{"_index": 0, "1.2.1": said({"data": PICTURE, "title": "Schets"})}],
    "6.1": [
        {"_index": 0, "6.1.1": [
            {"_index": 0, "6.1.1.1": said("Visma"), "6.1.1.2": said(["Verwerker"])},
            {"_index": 1, "6.1.1.1": said("Logius"), "6.1.1.2": said(["Ontvanger"])},
            {"_index": 2, "6.1.1.1": said(None), "6.1.1.2": said([])},
        ]},
    ],
    "16.1": [{"_index": 0, "16.1.1": said("Datalek"), "16.1.2": said("Hacker"), "16.1.3": said("hoog")}],
}  # fmt: skip


def test_a_dpia_becomes_texts_and_rows() -> None:
    reading = dpia(DPIA)
    values = {question: given.value for question, given in reading.answers.items()}

    assert reading.template == "dpia"
    assert values["alternatives"] == "Geen alternatief."
    assert [row["item"] for row in values["data_items"]] == ["E-mailadres", "BSN"]
    assert [row["group"] for row in values["people"]] == ["Burgers", "Ondernemers"]
    assert values["recipients"] == [
        {"id": "r-1", "recipient": "Visma", "role": "processor"},
        {"id": "r-2", "recipient": "Logius"},
    ]
    assert values["events"] == [{"id": "e-1", "title": "Datalek", "source": "Hacker"}]


def test_empty_repetitions_are_counted_and_left_out() -> None:
    reading = dpia(DPIA)

    assert reading.counts["empty_rows"] == 39
    assert "38 empty rows" in whats(reading, "answers[2.1]")


def test_pictures_are_named_with_type_and_size_and_stay_in_the_original() -> None:
    reading = dpia(DPIA)

    assert reading.counts["images"] == 1
    what = whats(reading, "1.2.1")
    assert len(what) == 1
    assert what[0].startswith("image/webp, about 3")
    assert PICTURE not in repr(reading.losses)


def test_a_role_or_a_risk_level_without_counterpart_is_reported() -> None:
    reading = dpia(DPIA)

    assert "Ontvanger" in whats(reading, "6.1.1.2")
    assert whats(reading, "16.1.3") == ["task 16.1.3"]


def test_another_version_of_the_form_says_so() -> None:
    assert read(output("urn:nl:dpia:4.1", {"1.1": said("x")}))[0].losses[0].where == "metadata.urn"


def test_a_form_that_is_not_known_is_refused() -> None:
    file = output("urn:nl:iama:1.0", {})

    assert recognise(file)
    with pytest.raises(BadInput, match="form"):
        read(file)


@pytest.mark.parametrize(
    "content", [None, [], {}, {"metadata": 1, "answers": {}}, {"metadata": {"urn": "urn:x:1"}}]
)
def test_other_json_is_not_theirs(content: Any) -> None:
    assert not recognise(ForeignFile("x.json", b"{}", content))


@pytest.mark.parametrize("answers", [[], 7, {"1.1": "text"}, {"1.1": {"value": {"a": 1}}}, {"2.1": ["x"]},
                                     {"2.1": [{"_index": "a", "2.1.1": {"value": [[1]]}}]}])  # fmt: skip
def test_odd_answers_are_reported_and_do_not_fail(answers: Any) -> None:
    found = collect(answers)

    assert found.losses
    assert not found.said


def test_a_definition_says_which_of_its_tasks_have_a_question_here() -> None:
    data = b"""urn: urn:nl:prescan
version: "2.0"
tasks:
- task: A
  id: "0"
  type: [task_group]
  tasks:
  - {task: B, id: "0.2", type: [open_text]}
  - {task: C, id: "8.8", type: [open_text]}
"""
    assert FORMAT.recognise is not None
    file = ForeignFile("prescan.yaml", data)

    reading = read(file)[0]

    assert FORMAT.recognise(file)
    assert reading.counts == {"tasks": 2, "with_question": 1}
    assert [loss.what for loss in reading.losses] == ["task 8.8"]
