"""The question page: every type of answer is given, refused with what would be right, and shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assessments import questionnaire as q
from assessments.evidence import list_uses
from assessments.questionnaire import current
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard import reading
from tests.assessments.evidence import cases
from tests.assessments.questionnaire.cases import join
from tests.dashboard.pages.conftest import press, said, shown

TEMPLATE = q.read_template(Path(__file__).with_name("types.yaml").read_bytes(), "types.yaml")
INVENTORY = {
    "dataset": {"ds-1": "Claims", "ds-2": "Calls"},
    "vendor": {"v-1": "Acme", "v-2": "Bolt"},
    "system": {f"sys-{n}": f"System {n}" for n in range(300)},
}


@pytest.fixture
def office(home: Home, monkeypatch: pytest.MonkeyPatch) -> Records:
    """A home of its own with one author, whose assessments run from the template above."""
    monkeypatch.setattr(current, "find_template", lambda *_: TEMPLATE)
    names = reading.names_of
    for place in ("dashboard.pages.question", "dashboard.components.rows"):
        monkeypatch.setattr(f"{place}.names_of", lambda kind: INVENTORY.get(kind) or names(kind))
    records = Records.open(home.records_url)
    join(records, "ann", "author")
    return records


@pytest.fixture
def draft(office: Records) -> str:
    return q.start(office, Actor.person("ann"), "screening", "p", "Draft")


def opened(draft: str, question: str) -> AppTest:
    return shown("question", "ann", assessment=draft, q=question)


def value(records: Records, draft: str, question: str) -> Any:
    found = q.load(records, draft).answers.get(question)
    return found.value if found else None


Act = Callable[[AppTest], Any]
GIVEN: dict[str, tuple[Act, Any]] = {
    "text": (lambda p: p.text_input[0].set_value(" Two  words "), "Two words"),
    "choice": (lambda p: p.radio[0].set_value("blue"), "blue"),
    "multiple_choice": (lambda p: p.multiselect[0].set_value(["blue", "red"]), ["red", "blue"]),
    "yes_no_unknown": (lambda p: p.radio[0].set_value("no"), "no"),
    "number": (lambda p: p.number_input[0].set_value(12.5), 12.5),
    "date": (lambda p: p.date_input[0].set_value(date(2026, 11, 24)), "2026-11-24"),
    "duration": (lambda p: p.text_input[0].set_value("p2y"), "P2Y"),
    "person": (lambda p: p.selectbox[0].set_value("ann"), "ann"),
    "dataset": (lambda p: p.selectbox[0].set_value("ds-2"), "ds-2"),
    "vendor": (lambda p: p.multiselect[0].set_value(["v-2", "v-1"]), ["v-2", "v-1"]),
    "score": (lambda p: p.selectbox[0].set_value(3), 3),
}


@pytest.mark.parametrize("question", GIVEN)
def test_an_answer_of_each_type_is_saved_as_it_is_given(
    office: Records, draft: str, question: str
) -> None:
    act, expected = GIVEN[question]
    page = opened(draft, question)
    act(page).run()
    assert "Saved " in said(page)
    assert value(office, draft, question) == expected


@pytest.mark.parametrize(
    ("question", "act", "hint"),
    [
        ("number", lambda p: p.number_input[0].set_value(250.0), "At most 100 %."),
        ("duration", lambda p: p.text_input[0].set_value("two years"), "Write it like P2Y"),
        ("text", lambda p: p.text_input[0].set_value("x" * 2_001), "At most 2000 characters"),
    ],
)
def test_wrong_input_says_beside_the_field_what_would_be_right(
    office: Records, draft: str, question: str, act: Act, hint: str
) -> None:
    page = opened(draft, question)
    act(page).run()
    beside = next(e for e in page.get("bidi_component") if "pw-field-error" in e.proto.json)
    assert hint in beside.proto.json
    assert "alert" in beside.proto.json
    assert "Not saved" in said(page)
    assert value(office, draft, question) is None


def test_a_table_takes_every_type_and_names_the_cell_that_is_wrong(
    office: Records, draft: str
) -> None:
    q.save_answer(office, Actor.person("ann"), draft, "things", [{"id": "t1", "name": "Lens"}])
    page = opened(draft, "table")
    fill_row(page, share=120.0)
    page.button[0].click().run()
    beside = next(e for e in page.get("bidi_component") if "pw-field-error" in e.proto.json)
    assert "At most 100 %." in beside.proto.json
    assert value(office, draft, "table") is None
    page.number_input[0].set_value(50.0)
    page.button[0].click().run()
    (row,) = value(office, draft, "table")
    row.pop("id")
    proof = row.pop("proof")
    assert row == {
        "name": "N", "long": "L", "choice": "red", "several": ["red"], "sure": "yes", "share": 50,
        "day": "2026-11-24", "period": "P1Y", "who": "ann", "system": "sys-299", "thing": "t1",
        "level": 2,
    }  # fmt: skip
    with office.read() as connection:
        assert [use.sha256 for use in list_uses(connection, draft)] == proof


def fill_row(page: AppTest, *, share: float) -> None:
    """One cell of every type; the system is found by searching the three hundred of the inventory."""
    named = {element.label: element for element in page.text_input}
    named["System: Search 300 names"].set_value("system 299").run()
    cells: dict[str, Any] = {
        "Name": "N", "Long": "L", "Choice": "red", "Several": ["red"], "Sure": "yes",
        "Share (%)": share, "Day": date(2026, 11, 24), "Period": "P1Y", "Who": "ann",
        "System": "sys-299", "Thing named": "t1", "Level": 2,
    }  # fmt: skip
    kinds = (page.text_input, page.text_area, page.radio, page.multiselect, page.number_input,
             page.date_input, page.selectbox)  # fmt: skip
    inputs = {element.label: element for kind in kinds for element in kind}
    for label, cell in cells.items():
        inputs[label].set_value(cell)
    page.file_uploader[0].upload("proof.pdf", cases.pdf(), "application/pdf")


def test_rows_are_moved_and_removed_with_the_form(office: Records, draft: str) -> None:
    rows = [{"id": name, "name": name} for name in "abc"]
    q.save_answer(office, Actor.person("ann"), draft, "things", rows)
    page = opened(draft, "things")
    page.selectbox[0].set_value("c").run()
    press(page, "Move up")
    assert [row["id"] for row in value(office, draft, "things")] == ["a", "c", "b"]
    page.selectbox[0].set_value("a").run()
    press(page, "Remove this row")
    assert [row["id"] for row in value(office, draft, "things")] == ["c", "b"]
    press(page, "Undo the last change")
    assert [row["id"] for row in value(office, draft, "things")] == ["a", "c", "b"]


def test_files_are_uploaded_listed_taken_out_and_put_back(office: Records, draft: str) -> None:
    page = opened(draft, "file")
    page.file_uploader[0].upload("Vertrag.pdf", cases.pdf(), "application/pdf")
    page.run()
    (digest,) = value(office, draft, "file")
    text = said(page)
    assert digest in text
    assert "Vertrag.pdf" in text
    assert "No end given" in text
    press(page, "Take this file out")
    assert value(office, draft, "file") is None
    press(page, "Put the file back that you took out")
    assert value(office, draft, "file") == [digest]


def test_a_refused_file_says_why_and_the_others_are_kept(office: Records, draft: str) -> None:
    page = opened(draft, "file")
    page.file_uploader[0].set_value(
        [("a.txt", b"#!/bin/sh", "text/plain"), ("b.txt", b"fine", "text/plain")]
    )
    page.run()
    assert len(value(office, draft, "file")) == 1
    assert "This is a script" in said(page)
    assert "a.txt" in said(page)


def test_a_file_in_the_store_is_used_again(office: Records, draft: str) -> None:
    ann = Actor.person("ann")
    first = opened(draft, "file")
    first.file_uploader[0].upload("a.txt", b"fine", "text/plain")
    first.run()
    (digest,) = value(office, draft, "file")
    second = q.start(office, ann, "screening", "p", "Second")
    page = opened(second, "file")
    page.selectbox[0].set_value(digest).run()
    assert value(office, second, "file") == [digest]


LATER: dict[str, tuple[Act, Any, str, str]] = {
    "number": (lambda p: p.number_input[0].set_value(2.0), 1, "2 %", "1 %"),
    "choice": (lambda p: p.radio[0].set_value("blue"), "red", "Blue", "Red"),
    "date": (lambda p: p.date_input[0].set_value(date(2026, 1, 2)), "2026-03-04", "2 January 2026",
             "4 March 2026"),
    "person": (lambda p: p.selectbox[0].set_value("ann"), "bob", "Ann", "bob"),
    "dataset": (lambda p: p.selectbox[0].set_value("ds-1"), "ds-2", "ds-1", "ds-2"),
    "duration": (lambda p: p.text_input[0].set_value("P1Y"), "P2Y", "1 year", "2 years"),
}  # fmt: skip


@pytest.mark.parametrize("question", LATER)
def test_two_people_see_both_answers_and_choose(office: Records, draft: str, question: str) -> None:
    act, theirs, mine_said, theirs_said = LATER[question]
    page = opened(draft, question)
    q.save_answer(office, Actor.person("ann"), draft, question, theirs)
    act(page).run()
    texts = [element.value for element in page.text]
    assert f"Yours: {mine_said}" in texts
    assert f"Saved meanwhile: {theirs_said}" in texts
    assert value(office, draft, question) == theirs
    press(page, "Save yours instead")
    assert value(office, draft, question) != theirs
    assert "Somebody else" not in said(page)


def test_two_versions_of_a_table_are_shown_row_by_row(office: Records, draft: str) -> None:
    page = opened(draft, "things")
    q.save_answer(office, Actor.person("ann"), draft, "things", [{"name": "Theirs"}])
    page.text_input[0].set_value("Mine")
    press(page, "Add this row")
    text = said(page)
    assert "Mine" in text
    assert "Theirs" in text
    press(page, "Add your new rows to what was saved")
    assert [row["name"] for row in value(office, draft, "things")] == ["Theirs", "Mine"]
    assert "Somebody else" not in said(page)


def test_keeping_what_was_saved_drops_only_ones_own_change(office: Records, draft: str) -> None:
    page = opened(draft, "things")
    q.save_answer(office, Actor.person("ann"), draft, "things", [{"name": "Theirs"}])
    page.text_input[0].set_value("Mine")
    press(page, "Add this row")
    press(page, "Keep what was saved")
    assert [row["name"] for row in value(office, draft, "things")] == ["Theirs"]
    assert "Mine" not in said(page)


def test_an_instance_is_added_named_and_answered_in_its_turn(office: Records, draft: str) -> None:
    page = opened(draft, "part")
    page.text_input[0].set_value("Camera")
    press(page, "Add this row")
    (row,) = value(office, draft, "part")
    path = f"part/{row['id']}/part_use"
    page = opened(draft, path)
    assert page.title[0].value.replace("\\", "") == "Camera: What is it for?"
    page.text_input[0].set_value("Photos").run()
    assert value(office, draft, path) == "Photos"
    page = opened(draft, "part")
    page.selectbox[0].set_value(row["id"]).run()
    press(page, "Remove this row")
    found = q.load(office, draft)
    assert list(q.set_aside(found.template, found.answers)) == [path]
    press(page, "Undo the last change")
    assert value(office, draft, path) == "Photos"
    assert q.set_aside(q.load(office, draft).template, q.load(office, draft).answers) == {}


def test_a_list_that_may_stay_empty_is_settled_by_saying_so(office: Records, draft: str) -> None:
    page = opened(draft, "part")
    next(box for box in page.checkbox if "nothing to list" in box.label).check().run()
    found = q.load(office, draft)
    assert found.answers["part"].status is q.Status.NOT_APPLICABLE
    task = next(t for t in q.tasks(found.template, found.answers) if t.section_id == "part")
    assert task.status is q.TaskStatus.COMPLETED
