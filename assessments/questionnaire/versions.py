"""Two versions of a template: what is new, gone, renamed or changed, and which answers still fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assessments.errors import BadInput
from assessments.language import say, sentence
from assessments.questionnaire.answers import Answer, Answers, Origin, Status
from assessments.questionnaire.check import check_answer
from assessments.questionnaire.groups import expand
from assessments.questionnaire.template import Question, Template
from assessments.questionnaire.values import check_value

GONE = sentence("The question is not asked any more.")
UNFIT = sentence("The answer does not fit the question any more: {why}")
CELLS = sentence("{number} cells do not fit their columns any more; the rest was carried over.")


class Kind(StrEnum):
    """What happened to a question between two versions."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    RETYPED = "retyped"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One question that differs; parts name what differs in it."""

    kind: Kind
    old: Question | None
    new: Question | None
    parts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The question as it is asked now, or as it was asked."""
        found = self.new or self.old
        return found.title if found else ""


@dataclass(frozen=True, slots=True)
class Left:
    """An answer, or what was in its lost cells, that could not be carried over."""

    question: Question
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Carried:
    """The answers under the new version; left are kept beside them, each with its reason."""

    answers: Mapping[str, Answer]
    left: tuple[Left, ...]


def compare_versions(old: Template, new: Template) -> list[VersionChange]:
    """Every question that differs, in the order of the new version, gone ones last."""
    before, after = _asked(old), _asked(new)
    targets = {new_name(new, name): name for name in before}
    found: list[VersionChange] = []
    for name, question in after.items():
        earlier = before.get(targets.get(name, ""))
        if earlier is None:
            found.append(VersionChange(Kind.NEW, None, question))
        elif change := _change(earlier, question):
            found.append(change)
    gone = [q for name, q in before.items() if new_name(new, name) not in after]
    return [*found, *(VersionChange(Kind.GONE, question, None) for question in gone)]


def new_name(template: Template, question_id: str) -> str:
    """The id of a question in this version; of an instance's question both its parts are renamed."""
    if question_id in template.renamed:
        return template.renamed[question_id]
    if "/" not in question_id:
        return question_id
    register, *instance, question = question_id.split("/")
    return "/".join(
        [template.renamed.get(register, register), *instance,
         template.renamed.get(question, question)]
    )  # fmt: skip


def carry_over(old: Template, new: Template, answers: Answers) -> Carried:
    """Put each answer to its question in the new version, as far as it still fits."""
    moved = {new_name(new, name): (name, answer) for name, answer in answers.items()}
    target = expand(new, {name: answer for name, (_, answer) in moved.items()}, moved)
    kept: dict[str, Answer] = {}
    left: list[Left] = []
    for name, (old_name, answer) in moved.items():
        asked = old.by_id.get(old_name)
        question = target.by_id.get(name)
        if question is None:
            if asked is not None:
                left.append(Left(asked, answer, say(new.language, GONE)))
            continue
        fitted, reason = _fit(new, question, old_name, answer)
        if fitted is not None:
            kept[name] = fitted
        if reason:
            left.append(Left(asked or question, answer, reason))
    return Carried(kept, tuple(left))


def _asked(template: Template) -> dict[str, Question]:
    """Every question, those of repeated sections once."""
    repeated = {q.id: q for section in template.sections for q in section.repeated}
    return {**template.by_id, **repeated}


def _change(old: Question, new: Question) -> VersionChange | None:
    types = [
        part
        for part in ("type", "options", "unit", "bounds", "columns")
        if _of(old, part) != _of(new, part)
    ]
    words = [
        part for part in ("title", "hint", "guidance") if getattr(old, part) != getattr(new, part)
    ]
    rules = [part for part in ("required", "show_if") if getattr(old, part) != getattr(new, part)]
    parts = (*types, *words, *rules)
    if old.id != new.id:
        return VersionChange(Kind.RENAMED, old, new, parts)
    if types or rules:
        return VersionChange(Kind.RETYPED, old, new, parts)
    return VersionChange(Kind.REWORDED, old, new, parts) if words else None


def _of(question: Question, part: str) -> Any:
    shape = question.shape
    if part == "options":
        return [(option.id, option.title) for option in shape.options]
    if part == "bounds":
        return shape.minimum, shape.maximum, shape.whole, shape.multiple
    if part == "columns":
        return [(c.id, c.title, c.type, [o.id for o in c.shape.options]) for c in question.columns]
    return getattr(shape, part)


def _fit(
    template: Template, question: Question, old_name: str, answer: Answer
) -> tuple[Answer | None, str]:
    """The answer in the normal form of the new question, and what did not fit, in words."""
    if answer.status is not Status.ANSWERED:
        return _checked(template, question, answer, answer.value)
    if not question.columns or not isinstance(answer.value, list):
        return _checked(template, question, answer, answer.value)
    rows, lost = _rows(template, question, old_name, answer.value)
    fitted, reason = _checked(template, question, answer, rows)
    if fitted is None or not lost:
        return fitted, reason
    origin = fitted.provenance and replace(fitted.provenance, origin=Origin.ADJUSTED)
    return replace(fitted, provenance=origin), say(template.language, CELLS, number=lost)


def _checked(
    template: Template, question: Question, answer: Answer, raw: Any
) -> tuple[Answer | None, str]:
    try:
        made = check_answer(question, raw, status=answer.status, note=answer.note, previous=answer)
    except BadInput as error:
        return None, say(template.language, UNFIT, why=error.title)
    return replace(made, provenance=answer.provenance), ""


def _rows(
    template: Template, question: Question, old_name: str, rows: list[Any]
) -> tuple[list[dict[str, Any]], int]:
    """The rows under their new columns, without the cells that have no place, and how many those are."""
    table, lost, made = old_name.rsplit("/", 1)[-1], 0, []
    columns = {column.id: column for column in question.columns}
    for row in rows if all(isinstance(row, Mapping) for row in rows) else []:
        kept: dict[str, Any] = {"id": row.get("id")}
        for name, value in row.items():
            target = template.renamed.get(f"{table}.{name}", name).rsplit(".", 1)[-1]
            if name == "id" or value is None:
                continue
            if target in columns and _is_allowed(columns[target].shape, value):
                kept[target] = value
            else:
                lost += 1
        made.append(kept)
    return made, lost


def _is_allowed(shape: Any, value: Any) -> bool:
    try:
        check_value(shape, value)
    except BadInput:
        return False
    return True
