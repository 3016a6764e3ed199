"""What real CNIL files do that a careful reader would not expect; one small file for each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from assessments.exchange.cnil.figures import Levels, figures
from assessments.exchange.frame import Reading
from assessments.exchange.keep import preview
from tests.assessments.exchange.pia import (
    answer,
    evaluation,
    measure,
    pia,
    structure_of,
    with_fields,
)


def read(content: Any, name: str = "pia.json") -> Reading:
    return preview(json.dumps(content).encode(), name).readings[0]


def values(content: Any) -> Mapping[str, Any]:
    return {name: given.value for name, given in read(content).answers.items()}


def places(content: Any) -> dict[str, str]:
    return {loss.where: loss.what for loss in read(content).losses}


def test_the_small_file_loses_nothing() -> None:
    assert read(pia()).losses == ()


def test_an_evaluation_of_object_object_is_kept_as_an_orphan() -> None:
    content = pia(evaluations=[evaluation(1, "3.1.[object Object]")])
    (row,) = values(content)["evaluations"]
    assert (row["reference"], row["measure"]) == ("3.1.[object Object]", None)
    assert places(content) == {"evaluations[0].reference_to": "an evaluation"}


def test_measures_are_matched_by_title_whatever_case_spaces_and_apostrophes() -> None:
    content = pia(
        measures=[measure(1, "Contrôle d’accès"), measure(2, "Logs")],
        answers=[answer(1, 334, list=["CONTRÔLE  d'accès ", "Logs", "Locks"])],
        evaluations=[], comments=[],
    )  # fmt: skip
    assert values(content)["q334"] == ["m0", "m1"]
    assert places(content) == {"answers[0].data.list[2]": "a measure"}


def test_evaluations_and_comments_of_a_measure_follow_its_row() -> None:
    found = values(pia())
    assert [row["measure"] for row in found["evaluations"]] == [None, "m0", None]
    assert [(row["measure"], row["reference"]) for row in found["comments"]] == [("m0", None)]


def test_a_comment_on_a_measure_is_no_comment_on_the_question_of_that_number() -> None:
    comment = {"id": 1, "description": "x", "reference_to": 215, "for_measure": False}
    (row,) = values(pia(comments=[comment]))["comments"]
    assert (row["measure"], row["reference"]) == (None, "215")


def test_the_tenth_question_of_an_item_is_found_in_the_embedded_template() -> None:
    own = {"id": 2210, "title": "Are children concerned?", "answer_type": "text"}
    content = with_fields(structure_data=structure_of("2", "2", [own]), structure_name="Sector")
    content["answers"] = [answer(1, 2210, "No.")]
    (row,) = values(content)["own_answers"]
    assert (row["place"], row["question"], row["answer"]) == ("2.2", own["title"], "No.")
    assert read(content).losses == ()


def test_a_number_that_a_template_gave_again_is_not_the_standard_question() -> None:
    own = {"id": 215, "title": "Is there a works agreement?"}
    content = with_fields(structure_data=structure_of("2", "1", [own]))
    content["answers"] = [answer(1, 215, "Yes, of 2023.")]
    found = values(content)
    assert "q215" not in found
    assert found["own_answers"][0]["question"] == "Is there a works agreement?"


def test_a_standard_question_of_a_template_stays_the_standard_question() -> None:
    standard = {"id": 215, "title": "sections.2.items.1.questions.5.title"}
    content = with_fields(structure_data=structure_of("2", "1", [standard]))
    assert values(content)["q215"] == "One month."


def test_a_number_that_nothing_explains_is_kept_and_reported() -> None:
    content = pia(answers=[answer(1, 999, "What is this?")])
    assert values(content)["own_answers"][0]["answer"] == "What is this?"
    assert places(content) == {"answers[0].reference_to": "a question"}


@pytest.mark.parametrize(
    "name",
    ["(IMPORT) Badge", "(COPY) (IMPORT) Badge", "(EXAMPLE)Badge", "Badge", " (import) Badge"],
)
def test_marks_of_round_trips_are_no_part_of_the_name(name: str) -> None:
    assert read(with_fields(name=name)).title == "Badge"


@pytest.mark.parametrize(("raw", "expected"), [
    (0, "in_progress"), ("3", "signed"), (4, "archived"), (5, "waiting"), (2.0, "validated"),
])  # fmt: skip
def test_status_is_a_number_or_a_number_as_text(raw: Any, expected: str) -> None:
    assert values(with_fields(status=raw))["pia_status"] == expected


def test_a_status_that_does_not_exist_is_reported() -> None:
    content = with_fields(status=9)
    assert "pia_status" not in values(content)
    assert places(content) == {"pia.status": "the code 9"}


@pytest.mark.parametrize(
    ("raw", "expected"), [(0, "no"), (1, "yes"), (True, "yes"), (False, "no"), ("true", "yes")]
)
def test_the_archive_mark_is_a_truth_value_or_a_number(raw: Any, expected: str) -> None:
    assert values(with_fields(is_archive=raw))["pia_archived"] == expected


def test_a_measure_without_a_time_arrives() -> None:
    assert measure(1, "x")["created_at"] is None
    assert len(values(pia())["measures"]) == 2


def test_numbers_as_texts_are_numbers() -> None:
    content = pia(answers=[answer(1, "325", "Serious.", gauge="3")])
    assert values(content)["q325_level"] == 3
    assert read(content).answers["q325"].row == "question 3.2.5"


def test_settings_of_the_browser_of_2018_are_reported_one_by_one() -> None:
    content = with_fields(dbVersion=1, tableName="pia", serverUrl=None, objectStore={},
                          numberOfQuestions=36)  # fmt: skip
    assert places(content) == dict.fromkeys(
        ["pia.dbVersion", "pia.tableName", "pia.serverUrl", "pia.objectStore",
         "pia.numberOfQuestions"], "a field",
    )  # fmt: skip


def test_a_residual_level_of_zero_falls_back_to_the_initial_level() -> None:
    content = pia(evaluations=[evaluation(1, "3.2", gauges={"x": 0, "y": 1})])
    found = figures(values(content))
    assert found.initial["access"] == Levels(3, 2)
    assert found.re_estimated == {"access": Levels(None, 1)}
    assert found.residual["access"] == Levels(3, 1)


def test_of_two_answers_to_a_question_the_later_counts_and_the_earlier_is_reported() -> None:
    content = pia(answers=[answer(1, 111, "Old."), answer(2, 111, "New.")])
    assert values(content)["q111"] == "New."
    assert places(content) == {"answers[0]": "an answer to 111"}


def test_two_measures_with_one_number_are_both_kept() -> None:
    content = pia(measures=[measure(40, "Encryption"), measure(40, "Locks")])
    assert [row["title"] for row in values(content)["measures"]] == ["Encryption", "Locks"]
    assert "measures[1].id" in places(content)


def test_unknown_fields_of_every_part_are_reported() -> None:
    content = pia()
    content["extra"] = 1
    content["pia"]["odd"] = 1
    content["answers"][0] |= {"odd": 1}
    content["answers"][0]["data"] |= {"odd": 1}
    content["evaluations"][2] |= {"odd": 1}
    assert set(places(content)) == {
        "extra", "pia.odd", "answers[0].odd", "answers[0].data.odd", "evaluations[2].odd",
    }  # fmt: skip


def test_rows_that_are_no_objects_are_reported_with_their_place() -> None:
    content = pia(answers=[answer(1, 111, "x"), None, 3], measures=["y"], comments=[],
                  evaluations=[])  # fmt: skip
    assert set(places(content)) == {"answers[1]", "answers[2]", "measures[0]"}


def test_the_back_end_dialect_says_the_same_as_the_front_dialect() -> None:
    front = pia()
    back = [front["pia"] | {part: rows for part, rows in front.items() if part != "pia"}]
    assert values(back) == values(front)
    assert read(back).place == "[0]"


def test_a_file_with_three_assessments_gives_three() -> None:
    flat = [pia()["pia"] | {"answers": [], "evaluations": [], "name": name} for name in "abc"]
    assert [r.title for r in preview(json.dumps(flat).encode(), "all.json").readings] == list("abc")


def test_a_revision_is_a_text_that_holds_an_export() -> None:
    revision = {"id": 1, "pia_id": 7, "export": json.dumps(pia()), "created_at": "2024-05-06"}
    assert values(revision) == values(pia())


def test_a_template_begins_an_assessment_with_what_it_proposes() -> None:
    data = structure_of("1", "1", [
        {"id": 111, "title": "sections.1.items.1.questions.1.title", "answer": "<p>Toys.</p>"},
        {"id": 114, "title": "Which age?", "answer": "Under ten."},
    ])  # fmt: skip
    data["sections"][0]["items"].append(
        {"id": 1, "is_measure": True, "answers": [{"title": "Locks", "content": "Doors."}]}
    )
    content = {"structure": {"id": 6, "name": "Toys", "sector_name": "IoT", "data": data}}
    found = values(content)
    assert (found["q111"], found["own_answers"][0]["answer"]) == ("Toys.", "Under ten.")
    assert found["measures"][0]["title"] == "Locks"
    assert "structure" in places(content)


def test_a_knowledge_base_is_no_assessment_and_says_so() -> None:
    found = read({"name": "Ours", "author": "x", "knowledges": [{"slug": "A"}, {"slug": "B"}]})
    assert (found.template, found.counts) == ("", {"knowledge_entries": 2})
    assert len(found.losses) == 1


def test_an_archive_may_hold_the_export_without_an_extension_beside_attachments() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("pia-badge-readers", json.dumps(pia()))
        archive.writestr("attachments/plan.pdf", b"%PDF-1.4")
    found = preview(made.getvalue(), "pia.zip")
    assert found.readings[0].title == "Badge readers"
    assert found.readings[0].member == "pia-badge-readers"
    assert found.readings[0].counts["attachments"] == 1
    assert [file.member for file in found.attachments] == ["attachments/plan.pdf"]
    assert found.losses == ()


def test_what_lies_beside_several_assessments_belongs_to_none_and_is_reported() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("one.json", json.dumps(pia()))
        archive.writestr("two.json", json.dumps(pia()))
        archive.writestr("plan.pdf", b"%PDF-1.4")
    found = preview(made.getvalue(), "pia.zip")
    assert found.attachments == ()
    assert [loss.where for loss in found.losses] == ["plan.pdf"]


def test_names_of_accounts_stand_in_for_missing_names() -> None:
    user = {"id": 1, "firstname": "Ada", "lastname": "Byron", "email": "a@b.c"}
    content = with_fields(author_name="", user_pias=[{"user": user, "role": "author"},
                                                     {"user": user, "role": "guest"}])  # fmt: skip
    assert values(content)["pia_author"] == "Ada Byron"
    assert places(content) == {"pia.user_pias[1]": "an account"}


def test_a_loss_report_stays_readable_however_much_is_unknown() -> None:
    content = with_fields(**{f"{n:05d}{'x' * 400}": 1 for n in range(5_100)})
    losses = read(content).losses
    assert len(losses) == 5_001
    assert losses[-1].what == "100 further things"
    assert max(len(loss.where) for loss in losses) == 300


def test_control_characters_are_no_part_of_a_title() -> None:
    assert read(with_fields(name="Badge\x00\x1b[31m readers")).title == "Badge[31m readers"
