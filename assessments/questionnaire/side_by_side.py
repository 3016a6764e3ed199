"""Differences as people read them: one line a cell, the old words beside the new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.language import say
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.compare import Difference, RowChange
from assessments.questionnaire.template import Question, Template
from assessments.questionnaire.text import STATUS_WORDS, Names, answer_text, own_id, value_text
from assessments.questionnaire.view import reference_choices, row_label


@dataclass(frozen=True, slots=True)
class Line:
    """where is empty for a question that is no table, else the row, or the row and its column."""

    where: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Side:
    """One state: its answers and what the rows are called in it."""

    template: Template
    answers: Answers
    labels: Mapping[str, str]
    names: Names

    def cell(self, question: Question, column_id: str, value: Any) -> str:
        shape = question.column(column_id).shape
        return value_text(shape, value, self.labels, self.names, self.template.language)

    def row(self, question: Question, row: Mapping[str, Any]) -> str:
        said = ((c.title, self.cell(question, c.id, row.get(c.id))) for c in question.columns)
        return "; ".join(f"{title}: {text}" for title, text in said if text)

    def label(self, question: Question, row: Mapping[str, Any]) -> str:
        value = row.get(question.label)
        shown = self.cell(question, question.label, value) if value else row_label(question, row)
        return shown or row_label(question, row)


def lines_of(
    template: Template, difference: Difference, old: Answers, new: Answers, names: Names = own_id
) -> list[Line]:
    """The lines of one difference; ``old`` and ``new`` are all answers of both states."""
    question = difference.question
    if question is None:
        return [Line("", _raw(difference.old), _raw(difference.new))]
    before, after = (_side(template, question, answers, names) for answers in (old, new))
    if difference.rows:
        return list(_rows(question, difference.rows, before, after))
    if difference.is_reordered:
        return [
            Line(
                "",
                "",
                say(template.language, "The same rows in another order or with another note"),
            )
        ]
    return [
        Line("", _whole(before, question, difference.old), _whole(after, question, difference.new))
    ]


def _side(template: Template, question: Question, answers: Answers, names: Names) -> _Side:
    tables = {name for column in question.columns for name in column.shape.references}
    known = sorted(name for name in tables if name in template.by_id)
    return _Side(template, answers, reference_choices(template, answers, known), names)


def _rows(
    question: Question, rows: tuple[RowChange, ...], before: _Side, after: _Side
) -> Iterator[Line]:
    for change in rows:
        if change.new is None and change.old is not None:
            yield Line(before.label(question, change.old), before.row(question, change.old), "")
        elif change.old is None and change.new is not None:
            yield Line(after.label(question, change.new), "", after.row(question, change.new))
        elif change.new is not None:
            label = after.label(question, change.new)
            for cell in change.cells:
                yield Line(
                    f"{label}, {question.column(cell.column).title}",
                    before.cell(question, cell.column, cell.old),
                    after.cell(question, cell.column, cell.new),
                )


def _whole(side: _Side, question: Question, answer: Answer | None) -> str:
    """An answer in one text, its note included; of a table the rows one after another."""
    answers = {question.id: answer} if answer is not None else {}
    if question.columns and answer is not None and answer.status is Status.ANSWERED:
        text = "\n".join(side.row(question, row) for row in answer.value)
    else:
        text = answer_text(side.template, answers, question.id, side.names)
    return f"{text} ({answer.note})" if answer is not None and answer.note else text


def _raw(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return STATUS_WORDS.get(answer.status, str(answer.value))
