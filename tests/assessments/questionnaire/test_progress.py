"""The task list says what is done, what waits for what, and what blocks sending for review."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessments.questionnaire import (
    Answer,
    BlockerKind,
    Origin,
    Provenance,
    Status,
    TaskStatus,
    blockers,
    find_template,
    next_question,
    open_points,
    previous_question,
    tasks,
)

SCREENING = find_template("screening")
FROM_SOURCE = Provenance("project", "row 1", "a" * 64, "2026-11-20")


@dataclass(frozen=True)
class Word:
    verdict: str
    comment: str
    is_current: bool


def status_of(answers: dict[str, Answer], section: str, **verdicts: Word) -> TaskStatus:
    return {task.section_id: task for task in tasks(SCREENING, answers, verdicts)}[section].status


DONE = {
    "plan": Answer("Something"),
    "personal_data": Answer("yes"),
    "new_or_changed": Answer("new"),
}


def test_nothing_is_started_at_first_and_conditional_tasks_are_not_listed() -> None:
    (task,) = tasks(SCREENING, {})
    assert (task.section_id, task.status) == ("describe", TaskStatus.NOT_STARTED)
    assert (task.answered, task.first_open) == (0, "plan")


def test_a_task_that_waits_says_for_what() -> None:
    started = {"personal_data": Answer("yes")}
    law = next(task for task in tasks(SCREENING, started) if task.section_id == "law")
    assert law.status is TaskStatus.CANNOT_START
    assert law.reason == "First complete “Describe what you plan”."
    assert status_of(DONE, "law") is TaskStatus.NOT_STARTED


def test_optional_questions_do_not_hold_a_task_back() -> None:
    assert status_of(DONE, "describe") is TaskStatus.COMPLETED
    changed = DONE | {"new_or_changed": Answer("changed")}
    assert status_of(changed, "describe") is TaskStatus.COMPLETED


def test_not_knowing_completes_a_task_and_stays_an_open_point() -> None:
    answers = DONE | {"new_or_changed": Answer(None, Status.UNKNOWN, note="Ask Kim")}
    assert status_of(answers, "describe") is TaskStatus.COMPLETED
    (point,) = open_points(SCREENING, answers)
    assert (point.question.id, point.note) == ("new_or_changed", "Ask Kim")


def test_a_prefilled_answer_counts_once_a_person_has_confirmed_it() -> None:
    waiting = DONE | {"plan": Answer("From the inventory", provenance=FROM_SOURCE)}
    assert status_of(waiting, "describe") is TaskStatus.IN_PROGRESS
    kinds = {b.question_id: b.kind for b in blockers(SCREENING, waiting)}
    assert kinds["plan"] is BlockerKind.UNCONFIRMED
    origin = replace(FROM_SOURCE, origin=Origin.CONFIRMED)
    confirmed = DONE | {"plan": Answer("From the inventory", provenance=origin)}
    assert status_of(confirmed, "describe") is TaskStatus.COMPLETED
    assert "plan" not in {b.question_id for b in blockers(SCREENING, confirmed)}


def test_requested_changes_show_until_the_verdict_is_overtaken() -> None:
    asked = Word("changes_requested", "Say who uses it.", is_current=True)
    assert status_of(DONE, "describe", describe=asked) is TaskStatus.CHANGES_REQUESTED
    task = tasks(SCREENING, DONE, {"describe": asked})[0]
    assert task.reason == "Say who uses it."
    overtaken = replace(asked, is_current=False)
    assert status_of(DONE, "describe", describe=overtaken) is TaskStatus.COMPLETED


def test_a_screening_without_personal_data_is_ready_after_two_answers() -> None:
    assert blockers(SCREENING, {"plan": Answer("Count trees"), "personal_data": Answer("no")}) == []


def test_next_and_previous_skip_what_is_not_asked_and_stop_at_the_section() -> None:
    first = next_question(SCREENING, {}, "plan")
    assert first is not None
    assert first.id == "personal_data"
    assert next_question(SCREENING, {}, "personal_data") is None
    opened = next_question(SCREENING, DONE, "personal_data")
    assert opened is not None
    assert opened.id == "new_or_changed"
    assert previous_question(SCREENING, DONE, "plan") is None
    back = previous_question(SCREENING, DONE, "new_or_changed")
    assert back is not None
    assert back.id == "personal_data"
