"""Two states of an assessment side by side: question by question, and tables cell by cell.

A state is named by a word that people and addresses can use: ``start``, ``round-2`` (as it was sent the
second time), ``decision-1`` (as it was decided the first time), ``now``, or a moment in ISO 8601.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from assessments.errors import BadInput
from assessments.questionnaire.answers import Answer, Answers
from assessments.questionnaire.current import Assessment
from assessments.questionnaire.history import Revision, revisions_in
from assessments.questionnaire.template import Question, Template, Type
from assessments.records.store import Records
from assessments.records.tables import transition
from assessments.review.lifecycle import DECIDED, Action

START, NOW = "start", "now"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A state that can be compared; at None is the present one."""

    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a row that is in both states."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came (old None), went (new None) or changed in some cells."""

    row_id: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    cells: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A question whose answer differs; rows are filled where both states hold a table.

    question is None where the present template does not ask it any more.
    """

    question_id: str
    question: Question | None
    old: Answer | None
    new: Answer | None
    rows: tuple[RowChange, ...] = ()
    by: str = ""
    at: datetime | None = None

    @property
    def is_reordered(self) -> bool:
        """Whether only the order of the rows differs."""
        is_table = self.question is not None and self.question.type is Type.TABLE
        return is_table and self.old is not None and self.new is not None and not self.rows


def milestones(connection: Connection, found: Assessment) -> list[Milestone]:
    """The named states in order: the start, each sending, each decision, now."""
    steps = connection.execute(
        select(transition.c.action, transition.c.to_state, transition.c.at)
        .where(transition.c.assessment_id == found.id)
        .order_by(transition.c.id)
    )
    named, sent, decided = [Milestone(START, found.created_at)], 0, 0
    for step in steps:
        if step.action == Action.SUBMIT:
            sent += 1
            named.append(Milestone(f"round-{sent}", step.at))
        elif step.to_state in DECIDED:
            decided += 1
            named.append(Milestone(f"decision-{decided}", step.at))
    return [*named, Milestone(NOW, None)]


def find_milestone(known: Iterable[Milestone], name: str) -> Milestone:
    """The state of that name, or at that moment (UTC without an offset); else BadInput."""
    states = {item.name: item for item in known}
    if name in states:
        return states[name]
    try:
        at = datetime.fromisoformat(name)
    except ValueError as error:
        raise BadInput(
            "There is no such state of the assessment",
            f"Known: {', '.join(states)}, or a moment like 2026-11-24T14:00.",
            field="revision",
        ) from error
    return Milestone(name, at if at.tzinfo else at.replace(tzinfo=UTC))


def compare_revisions(
    records: Records, found: Assessment, old: Milestone, new: Milestone
) -> list[Difference]:
    """What differs between two states, in the order of the template, with who changed it last."""
    with records.read() as connection:
        revisions = revisions_in(connection, found.id)
    before, after = answers_at(revisions, old.at), answers_at(revisions, new.at)
    last = {r.question_id: r for r in revisions if new.at is None or r.at <= new.at}
    return [
        _signed(difference, last.get(difference.question_id))
        for difference in compare_answers(found.template, before, after)
    ]


def answers_at(revisions: Iterable[Revision], at: datetime | None) -> dict[str, Answer]:
    """The answers as they stood at a moment; cleared ones are not there."""
    held = {r.question_id: r.answer for r in revisions if at is None or r.at <= at}
    return {name: answer for name, answer in held.items() if answer is not None}


def compare_answers(template: Template, old: Answers, new: Answers) -> list[Difference]:
    """The questions whose answers say something else, in the order of the template."""
    order = [*template.by_id, *sorted({*old, *new} - set(template.by_id))]
    return [
        compare_answer(template.by_id.get(name), name, old.get(name), new.get(name))
        for name in order
        if not _is_same(old.get(name), new.get(name))
    ]


def compare_answer(
    question: Question | None, question_id: str, old: Answer | None, new: Answer | None
) -> Difference:
    """One question in two states; a table row by row and cell by cell."""
    rows: tuple[RowChange, ...] = ()
    if question is not None and question.columns and old is not None and new is not None:
        rows = compare_rows(question, old.value or [], new.value or [])
    return Difference(question_id, question, old, new, rows)


def compare_rows(
    question: Question, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[RowChange, ...]:
    """The rows that came, went or changed, found again by their ids."""
    before, after = ({row["id"]: row for row in rows} for rows in (old, new))
    found = [RowChange(row_id, row, None) for row_id, row in before.items() if row_id not in after]
    for row_id, row in after.items():
        known = before.get(row_id)
        cells = _cells(question, known or {}, row)
        if known is None or cells:
            found.append(RowChange(row_id, known, row, cells if known is not None else ()))
    return tuple(found)


def _cells(
    question: Question, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[CellChange, ...]:
    names = [column.id for column in question.columns]
    return tuple(
        CellChange(name, old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    )


def _is_same(one: Answer | None, other: Answer | None) -> bool:
    return one.says_the_same(other) if one is not None else other is None


def _signed(difference: Difference, revision: Revision | None) -> Difference:
    if revision is None:
        return difference
    return Difference(
        difference.question_id, difference.question, difference.old, difference.new,
        difference.rows, revision.by, revision.at,
    )  # fmt: skip
