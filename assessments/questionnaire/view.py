"""What an assessment says right now: which questions are shown, and what counts.

A question is shown when its own condition and its section's hold. An answer behind a condition that
does not hold is set aside: kept, shown as set aside, and seen by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.questionnaire import groups, packs
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.evaluation import UNKNOWN, Instance, RowScope, _Unknown, known, truth
from assessments.questionnaire.expressions import Expression
from assessments.questionnaire.template import Option, Question, Section, Template, Type

Row = Mapping[str, Any]


@dataclass(slots=True)
class View:
    """A template with answers, as expressions see them; visibility is worked out once."""

    template: Template
    answers: Answers
    _visible: dict[str, bool] = field(default_factory=dict)

    def is_visible(self, question_id: str) -> bool:
        if question_id not in self._visible:
            question = self.template.question(question_id)
            section = self.template.section(question.section_id)
            self._visible[question_id] = self.holds(section.show_if) and self.holds(
                question.show_if
            )
        return self._visible[question_id]

    def is_section_visible(self, section: Section) -> bool:
        return self.holds(section.show_if)

    def holds(self, condition: Expression | None) -> bool:
        return condition is None or truth(condition, self) is True

    def answer(self, question_id: str) -> Answer | None:
        """The answer that counts: None while unanswered or set aside."""
        found = self.answers.get(question_id)
        return found if found is not None and self.is_visible(question_id) else None

    def options(self, question: Question) -> tuple[Option, ...]:
        """The allowed values that the other answers leave open."""
        condition = question.shape.only_options
        if condition is None:
            return question.options
        return tuple(
            option
            for option in question.options
            if truth(condition, RowScope(self, option.fields, frozenset(option.fields))) is True
        )

    def value(self, name: str) -> Any:
        found = self.answer(name)
        if found is None or found.status is not Status.ANSWERED:
            return UNKNOWN
        question = self.template.question(name)
        if question.shape.only_options is None:
            return known(found.value)
        return self._still_allowed(question, found.value)

    def _still_allowed(self, question: Question, value: Any) -> Any:
        allowed = {option.id for option in self.options(question)}
        if isinstance(value, list):
            return [item for item in value if item in allowed]
        return value if value in allowed else UNKNOWN

    def rows(self, name: str) -> Iterable[Mapping[str, Any]] | _Unknown:
        """The rows, or the chosen options; none where the question certainly does not apply."""
        found = self.answer(name)
        if found is None:
            return [] if self.is_ruled_out(name) else UNKNOWN
        if found.status is Status.UNKNOWN:
            return UNKNOWN
        if self.template.question(name).shape.only_options is not None:
            return self.value(name)
        return self._with_answers(name, found.value or [])

    def _with_answers(self, name: str, rows: list[Row]) -> list[Row]:
        """A register's rows know what was answered for them."""
        inner = groups.inner_questions(self.template, name)
        if not inner:
            return rows
        return [
            Instance(self, row, {q.id: groups.path(name, row["id"], q.id) for q in inner})
            for row in rows
        ]

    def is_ruled_out(self, question_id: str) -> bool:
        """Whether it certainly is not asked, as against not decided yet."""
        question = self.template.question(question_id)
        section = self.template.section(question.section_id)
        conditions = (tree for tree in (section.show_if, question.show_if) if tree is not None)
        return any(truth(tree, self) is False for tree in conditions)

    def columns(self, name: str) -> frozenset[str]:
        return groups.columns_of(self.template, name)

    def status(self, name: str) -> str | None:
        found = self.answer(name)
        return None if found is None else found.status.value

    def label(self, table: str, row: Mapping[str, Any]) -> str:
        """How a row is called; a label that refers to another row is followed once."""
        question = self.template.question(table)
        target = row.get(question.label)
        for other in question.column(question.label).shape.references:
            rows = self.rows(other)
            for found in () if isinstance(rows, _Unknown) else rows:
                if found["id"] == target:
                    return row_label(self.template.question(other), found)
        return row_label(question, row)

    def score(self, name: str) -> Any:
        """The sum of the chosen options' scores; nothing where the question does not apply."""
        value = self.value(name)
        if value is UNKNOWN:
            is_moot = self.status(name) == Status.NOT_APPLICABLE or self.is_ruled_out(name)
            return 0 if is_moot else UNKNOWN
        question = self.template.question(name)
        if question.type is Type.SCORE:
            return value
        chosen = value if isinstance(value, list) else [value]
        return sum(option.score or 0 for option in question.options if option.id in chosen)

    def lookup(self, pack: str, key: str, field: str) -> Any:
        return packs.lookup(pack, key, field)


def visible_questions(template: Template, answers: Answers) -> list[Question]:
    """The questions that are asked, in order."""
    view = View(template, answers)
    return [question for question in template.questions if view.is_visible(question.id)]


def set_aside(template: Template, answers: Answers) -> dict[str, Answer]:
    """Answers that a changed condition hides: kept, but part of nothing."""
    view = View(template, answers)
    return {
        question_id: answer
        for question_id, answer in answers.items()
        if question_id in template.by_id and not view.is_visible(question_id)
    }


def newly_hidden(template: Template, before: Answers, after: Answers) -> list[Question]:
    """The questions whose answers a change sets aside; pages say so when it happens."""
    were = set_aside(template, before)
    return [template.question(name) for name in set_aside(template, after) if name not in were]


def newly_shown(template: Template, before: Answers, after: Answers) -> list[Question]:
    """The questions that a change opens; 'Change' walks through them before going back."""
    were = {question.id for question in visible_questions(template, before)}
    return [q for q in visible_questions(template, after) if q.id not in were]


def next_question(template: Template, answers: Answers, question_id: str) -> Question | None:
    """The question after this one in its section, None at the section's end."""
    return _neighbour(template, answers, question_id, 1)


def previous_question(template: Template, answers: Answers, question_id: str) -> Question | None:
    """The question before this one in its section, None at the section's start."""
    return _neighbour(template, answers, question_id, -1)


def _neighbour(
    template: Template, answers: Answers, question_id: str, step: int
) -> Question | None:
    section = template.section(template.question(question_id).section_id)
    view = View(template, answers)
    ids = [q.id for q in section.questions if q.id == question_id or view.is_visible(q.id)]
    at = ids.index(question_id) + step
    return template.question(ids[at]) if 0 <= at < len(ids) else None


def options_for(template: Template, answers: Answers, question_id: str) -> tuple[Option, ...]:
    """The allowed values of a question under the present answers."""
    return View(template, answers).options(template.question(question_id))


def reference_choices(
    template: Template, answers: Answers, tables: Iterable[str]
) -> dict[str, str]:
    """The rows that a reference column may name: id and label."""
    view = View(template, answers)
    found: dict[str, str] = {}
    for table in tables:
        question = template.question(table)
        rows = view.rows(table)
        if not isinstance(rows, _Unknown):
            found |= {row["id"]: view.label(question.id, row) for row in rows}
    return found


def row_label(question: Question, row: Mapping[str, Any]) -> str:
    """How a row is called elsewhere: the text of its label column, a choice by its title."""
    value = row.get(question.label)
    option = question.column(question.label).shape.find_option(value)
    return option.title if option else str(value or row["id"])
