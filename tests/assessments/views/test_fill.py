"""What fills a form, what it lacks, and that nothing else counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from assessments.questionnaire import (
    Answer,
    Origin,
    Provenance,
    Question,
    Status,
    check_answer,
    find_template,
    visible_questions,
)
from assessments.views import FilledForm, FilledItem, fill, find_form, forms_for
from tests.assessments.questionnaire.cases import answered, completed, consistent_dpia

DPIA, FRIA = find_template("dpia"), find_template("fria")
ALWAYS = {"assessment", "people"}
DRAFT: dict[str, Any] = {
    "assessment": {"id": "dpia-1", "title": "Triage", "state": "draft", "created_at": "2026-11-01T08:00:00Z",
                   "organisation": "Example Ltd", "frozen_at": "2026-11-24T09:00:00Z"},
    "people": [{"role": "author", "id": "ann", "name": "Ann", "title": "Engineer"}],
    "reviews": [],
    "opinion": None,
    "decision": None,
}  # fmt: skip
DECIDED = DRAFT | {
    "reviews": [{"round": 1, "reviewer": "Rosa", "outcome": "opinion_pending", "at": "2026-11-10T08:00:00Z"}],
    "opinion": {"by": "Dora", "text": "Go on.", "followed": True, "at": "2026-11-11T08:00:00Z"},
    "decision": {"by": "Otto", "outcome": "approved", "reason": "It helps.", "at": "2026-11-12T08:00:00Z",
                 "conditions": []},
}  # fmt: skip


def filled(
    form: str, raw: Mapping[str, Any], record: Mapping[str, Any] = DRAFT, template: Any = DPIA
) -> FilledForm:
    return fill(find_form(form), template, answered(template, raw), record)


def item(form: FilledForm, ref: str) -> FilledItem:
    return next(item for item in form.items if item.ref == ref)


def whole() -> dict[str, Any]:
    """Everything that is asked, and everything optional that some form wants."""
    raw = completed(DPIA, consistent_dpia())
    raw["measures"][0]["threats"] = ["b1", "e1", "e2", "e3"]
    raw["recipients"] = [{"id": "c1", "recipient": "Nurses", "role": "internal"}]
    for question in visible_questions(DPIA, answered(DPIA, raw)):
        if question.id not in raw:
            raw[question.id] = [{"id": "x"}] if question.columns else _said(question)
        raw[question.id] = _full_rows(question, raw[question.id])
    return raw


def _said(question: Question) -> Any:
    if question.options:
        return question.options[0].id
    plain = {"yes_no_unknown": "no", "date": "2027-01-31", "number": 4}
    files = [{"sha256": "a" * 64, "name": "flow.png"}]
    return files if question.type == "file" else plain.get(question.type.value, "Said plainly.")


def _full_rows(question: Question, value: Any) -> Any:
    if not question.columns:
        return value
    return [{**{c.id: _cell(c) for c in question.columns}, **_given(row)} for row in value]


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _cell(column: Any) -> Any:
    if column.shape.options:
        return column.shape.options[0].id
    if column.shape.references:
        return {"people": "people-1", "data_items": "i1", "operations": "operations-1", "recipients": "c1",
                "by_design": "b1"}[column.shape.references[0]]  # fmt: skip
    plain = {
        "yes_no_unknown": "no",
        "number": 1,
        "date": "2027-01-31",
        "duration": "P1Y",
        "person": "own",
    }
    return plain.get(column.type.value, "Said.")


@pytest.mark.parametrize("form", ["ico", "cnil", "iso29134", "edpb"])
def test_a_whole_and_decided_assessment_lacks_nothing(form: str) -> None:
    made = filled(form, whole(), DECIDED)
    assert [f"{gap.ref} {gap.text}" for gap in made.gaps] == []
    assert not made.excuse


@pytest.mark.parametrize("form", [form.id for form in forms_for("dpia")])
def test_an_empty_assessment_lacks_every_required_item(form: str) -> None:
    made = filled(form, {})
    required = {
        item.ref
        for item in find_form(form).items
        if item.is_required and any(f.is_needed and f.record not in ALWAYS for f in item.feeds)
    }
    if form == "fria":
        required.discard("27(4)")
    assert {gap.ref for gap in made.gaps} == required


def test_a_gap_leads_to_the_question_or_to_the_page_where_the_desk_does_it() -> None:
    made = filled("ico", {})
    assert {gap.question for gap in item(made, "2.2").gaps} == {
        "data_items",
        "extent",
        "people",
        "retention",
    }
    (gap,) = item(made, "7.3").gaps
    assert (gap.question, gap.page) == ("", "decision")
    assert gap.text == "The data protection officer has not advised yet."


def test_one_thing_to_do_is_listed_once_with_every_item_that_waits_for_it() -> None:
    made = filled("ico", {})
    (one,) = [one for one in made.lacking if one.question == "proportionality"]
    assert one.refs == ("2.4", "4.2")
    assert len({(one.text, one.question) for one in made.lacking}) == len(made.lacking)
    assert {ref for one in made.lacking for ref in one.refs} == {gap.ref for gap in made.gaps}


def test_an_answer_fills_its_items_and_takes_their_gaps_away() -> None:
    before, after = filled("ico", {}), filled("ico", {"extent": "A million calls a year."})
    (block,) = item(after, "2.2").blocks
    assert (block.text, block.question) == ("A million calls a year.", "extent")
    assert len(item(before, "2.2").gaps) - len(item(after, "2.2").gaps) == 1


def test_what_nobody_knows_yet_fills_nothing_and_what_does_not_apply_fills_it_with_its_reason() -> (
    None
):
    extent = DPIA.question("extent")
    unknown = {"extent": check_answer(extent, None, status=Status.UNKNOWN)}
    moot = {"extent": check_answer(extent, None, status=Status.NOT_APPLICABLE, note="A pilot.")}
    assert "Nobody knows yet" in _gap_of("2.2", "extent", unknown)
    made = fill(find_form("ico"), DPIA, moot, DRAFT)
    assert item(made, "2.2").blocks[0].text == "Does not apply: A pilot."


def _gap_of(ref: str, question: str, answers: Mapping[str, Answer]) -> str:
    made = fill(find_form("ico"), DPIA, answers, DRAFT)
    return next(gap.text for gap in item(made, ref).gaps if gap.question == question)


def test_a_prefilled_answer_is_shown_and_still_lacks_a_person_behind_it() -> None:
    seen = Answer("Many.", provenance=Provenance("project", "row 1", "0" * 64, None))
    assert "not looked at yet" in _gap_of("2.2", "extent", {"extent": seen})
    assert seen.provenance
    confirmed = replace(seen, provenance=replace(seen.provenance, origin=Origin.CONFIRMED))
    made = fill(find_form("ico"), DPIA, {"extent": confirmed}, DRAFT)
    assert "extent" not in {gap.question for gap in item(made, "2.2").gaps}


def test_set_aside_answers_fill_nothing() -> None:
    raw = {"outside_eea": "no"}
    answers = answered(DPIA, raw) | answered(
        DPIA, {"transfers": [{"recipient": "c1", "country": "US", "mechanism": "scc"}]}
    )
    made = fill(find_form("cnil"), DPIA, answers, DRAFT)
    assert [block.question for block in item(made, "227").blocks] == ["outside_eea"]
    assert not item(made, "227").gaps


def test_a_question_that_hangs_on_an_open_one_names_the_open_one() -> None:
    gaps = item(filled("cnil", {}), "227").gaps
    assert {gap.question for gap in gaps} == {"outside_eea"}


def test_a_question_that_certainly_does_not_apply_is_not_missed() -> None:
    made = filled("cnil", {"purposes": [{"purpose": "Sort", "basis": "public_task"}]})
    assert item(made, "222").does_not_apply


def test_an_item_that_certainly_does_not_apply_is_left_out_and_an_open_one_is_not() -> None:
    none, one = (
        {"recipients": [{"recipient": "Cloud", "role": role}]} for role in ("internal", "processor")
    )
    assert item(filled("cnil", none), "226").does_not_apply
    assert item(filled("cnil", one), "226").gaps
    assert item(filled("cnil", {}), "226").gaps


def test_only_the_rows_that_an_item_wants_are_shown() -> None:
    made = filled("cnil", consistent_dpia())
    assert item(made, "321").blocks[0].rows == (("Peeking", "Shame"),)
    assert item(made, "331").blocks[0].rows == (("Wrong label", "Late help"),)
    assert item(made, "335").blocks[0].rows == (("Wrong label", "2 limited", ""),)
    assert "No row says this" in item(made, "324").gaps[0].text


def test_an_empty_cell_of_a_needed_column_is_counted() -> None:
    raw = {
        "purposes": [
            {"purpose": "Sort", "basis": "consent", "description": "d"},
            {"purpose": "Train"},
        ]
    }
    texts = [gap.text for gap in item(filled("ico", raw), "4.1").gaps]
    assert texts == [
        "1 of 2 rows say nothing under 'Legal basis': "
        "What is the data used for, and on which legal basis?",
        "Whether more is asked hangs on: What is the data used for, and on which legal basis?",
        "Not answered yet: Which data is used?",
    ]


def test_levels_are_said_in_the_words_of_the_form_and_none_is_lowered() -> None:
    rows = item(filled("ico", consistent_dpia()), "5.2").blocks[0].rows
    assert rows[0] == ("Late help", "Possible", "Severe", "", "High")
    scale = find_form("ico").scale
    assert scale
    order = {"Minimal": 1, "Significant": 2, "Severe": 3, "Remote": 1, "Possible": 2, "Probable": 3}
    for words in scale.words.values():
        levels = [order[words[level]] for level in (1, 2, 3, 4)]
        assert levels == sorted(levels)
    grade = {"Low": 1, "Medium": 2, "High": 3}
    for low in (1, 2, 3, 4):
        for high in (low, 4):
            assert grade[scale.both(low, 2)] <= grade[scale.both(high, 2)]
            assert grade[scale.both(2, low)] <= grade[scale.both(2, high)]


def test_the_decision_fills_the_sign_off_with_who_and_why() -> None:
    made = filled("ico", {}, DECIDED)
    assert item(made, "6.3").blocks[0].text == (
        "Approved. Otto, 12 November 2026, 08:00 UTC.\n\nIt helps."
    )
    assert item(made, "7.4").blocks[0].text.startswith("The opinion was followed.")


def test_one_set_of_answers_makes_both_reports() -> None:
    given = {"ai_area": "insurance", "deployer_kind": "private", "governance": "The actuary."}
    for template in (DPIA, FRIA):
        made = filled("fria", given, template=template)
        assert not made.excuse
        assert "The actuary." in [block.text for block in item(made, "27(1)(f)").blocks]


def test_the_form_says_when_the_law_does_not_ask_for_it() -> None:
    made = filled("fria", {"ai_area": "none"})
    assert "Article 27 does not ask" in made.excuse
    assert item(made, "27(1)(d)").does_not_apply
    assert not filled("fria", {}).excuse


@pytest.mark.parametrize("form", [form.id for form in forms_for("dpia")])
def test_an_assessment_in_an_older_version_fills_what_it_can(form: str) -> None:
    older = find_template("dpia", "1.0")
    raw = {name: value for name, value in consistent_dpia().items() if name in older.by_id}
    columns = {q.id: {c.id for c in q.columns} for q in older.questions}
    raw = {name: _known(value, columns[name]) for name, value in raw.items()}
    made = filled(form, raw, template=older)
    assert "This kind of assessment does not ask for it." in {gap.text for gap in made.gaps}
    if form == "ico":
        assert item(made, "2.2").blocks[0].rows[1] == ("Symptoms", "Health", "Yes")


def _known(value: Any, columns: set[str]) -> Any:
    if not isinstance(value, list):
        return value
    return [{k: v for k, v in row.items() if k in columns | {"id"}} for row in value]


def test_a_form_knows_itself_in_a_notebook_and_escapes_titles() -> None:
    made = filled("fria", {})
    assert repr(made).startswith("<FilledForm fria 10 items")
    odd = replace(made, form=replace(made.form, title="<script>"))
    assert "<script>" not in odd._repr_html_()
