"""Two states side by side: the right answers, the right rows, the right cells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessments import questionnaire as q
from assessments.errors import BadInput
from assessments.questionnaire.compare import Milestone
from assessments.records import Actor, Records
from tests.assessments.questionnaire.cases import answered, consistent_dpia, join, sample_inventory

DPIA = q.find_template("dpia")


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


@pytest.fixture
def ann(records: Records) -> Actor:
    return join(records, "ann", "author")


@pytest.fixture
def dpia(records: Records, ann: Actor) -> str:
    return q.start(records, ann, "dpia", "p", "Triage", sample_inventory())


def compared(records: Records, assessment: str, old: str, new: str) -> list[q.Difference]:
    found = q.load(records, assessment)
    with records.read() as connection:
        known = q.milestones(connection, found)
    return q.compare_revisions(
        records, found, q.find_milestone(known, old), q.find_milestone(known, new)
    )


def test_between_two_moments_only_what_says_something_else_differs(
    records: Records, ann: Actor, dpia: str
) -> None:
    q.save_answer(records, ann, dpia, "controller", "one")
    between = datetime.now(UTC)
    q.confirm_prefill(records, ann, dpia, "processing_name")
    q.save_answer(records, ann, dpia, "controller", "two")
    q.save_answer(records, ann, dpia, "codes", "ISO 27001")
    q.save_answer(records, ann, dpia, "joint_control", "no")
    q.clear_answer(records, ann, dpia, "joint_control")
    found = compared(records, dpia, between.isoformat(), "now")
    assert {d.question_id: (d.old, d.new) for d in found} == {
        "controller": (q.Answer("one"), q.Answer("two")),
        "codes": (None, q.Answer("ISO 27001")),
    }
    assert {d.by for d in found} == {"ann"}
    assert compared(records, dpia, between.isoformat(), between.isoformat()) == []
    later = compared(records, dpia, (between - timedelta(days=1)).isoformat(), "now")
    assert len(later) > 2, "before the start there were no answers"


def test_a_moment_without_an_offset_is_utc_and_nonsense_is_refused() -> None:
    known = [Milestone("start", datetime(2026, 1, 1, tzinfo=UTC)), Milestone("now", None)]
    assert q.find_milestone(known, "2026-11-24T14:00").at == datetime(2026, 11, 24, 14, tzinfo=UTC)
    with pytest.raises(BadInput, match="no such state"):
        q.find_milestone(known, "round-9")


def lines(old: dict[str, object], new: dict[str, object]) -> list[tuple[str, str, str]]:
    before, after = answered(DPIA, old), answered(DPIA, new)
    return [
        (line.where, line.old, line.new)
        for difference in q.compare_answers(DPIA, before, after)
        for line in q.lines_of(DPIA, difference, before, after)
    ]


def test_a_changed_cell_is_named_by_its_row_and_column_in_words() -> None:
    raw = consistent_dpia()
    raw["inherent"][0]["severity"] = 2
    found = lines(consistent_dpia(), raw)
    assert found == [("Late help, Severity", "4 maximum", "2 limited")]


def test_rows_that_came_and_went_are_whole_and_an_untouched_row_is_silent() -> None:
    raw = consistent_dpia()
    gone = raw["events"].pop(0)
    raw["events"].append(gone | {"id": "e9", "title": "Selling"})
    found = lines(consistent_dpia(), raw)
    assert [(where, bool(old), bool(new)) for where, old, new in found] == [
        ("Peeking", True, False),
        ("Selling", False, True),
    ]
    assert "Staff" in found[0][1]


def test_rows_in_another_order_are_said_to_be_just_that() -> None:
    raw = consistent_dpia()
    raw["events"].reverse()
    assert lines(consistent_dpia(), raw) == [
        ("", "", "The same rows in another order or with another note")
    ]


def test_an_answer_to_a_question_that_is_gone_is_shown_as_it_was() -> None:
    old = {"no_longer_asked": q.Answer("kept")}
    (difference,) = q.compare_answers(DPIA, old, {})
    assert difference.question is None
    assert q.lines_of(DPIA, difference, old, {}) == [q.Line("", "kept", "")]
