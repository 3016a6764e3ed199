"""Answers as people read them: titles for ids, dates and periods in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from assessments.language import ENGLISH, say, say_count, say_day, say_number, sentence
from assessments.questionnaire.answers import Answer, Answers, Status
from assessments.questionnaire.durations import in_words
from assessments.questionnaire.template import Shape, Template, Type
from assessments.questionnaire.view import reference_choices

Names = Callable[[str, str], str]
"""(kind of inventory object or 'person', id) to the name that people know."""

STATUS_WORDS = {
    Status.UNKNOWN: sentence("I do not know yet"),
    Status.NOT_APPLICABLE: sentence("Does not apply"),
}


_ANSWERS = (sentence("Yes"), sentence("No"))


def own_id(kind: str, object_id: str) -> str:
    """The id itself, when nobody knows a name."""
    return object_id


def answer_text(
    template: Template,
    answers: Answers,
    question_id: str,
    names: Names = own_id,
) -> str:
    """An answer in one text; 'Not provided' without one, the number of rows for a table."""
    question, answer = template.question(question_id), answers.get(question_id)
    if answer is None:
        return say(template.language, "Not provided")
    if answer.status is not Status.ANSWERED:
        return say(template.language, STATUS_WORDS[answer.status])
    if question.type is Type.TABLE:
        return say_count(template.language, len(answer.value), "row", "rows")
    labels = reference_choices(template, answers, question.shape.references)
    return value_text(question.shape, answer.value, labels, names, template.language)


def table_texts(
    template: Template, answers: Answers, question_id: str, names: Names = own_id
) -> list[list[str]]:
    """The cells of a table as people read them, in column order."""
    question, answer = template.question(question_id), answers.get(question_id)
    if answer is None or answer.status is not Status.ANSWERED:
        return []
    tables = {name for column in question.columns for name in column.shape.references}
    labels = reference_choices(template, answers, sorted(tables))
    return [
        [
            value_text(column.shape, row.get(column.id), labels, names, template.language)
            for column in question.columns
        ]
        for row in answer.value
    ]


def value_text(
    shape: Shape,
    value: Any,
    labels: Mapping[str, str],
    names: Names = own_id,
    language: str = ENGLISH,
) -> str:
    """One value as people read it; an empty text for nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value_text(shape, item, labels, names, language) for item in value)
    if shape.type in {Type.CHOICE, Type.MULTIPLE_CHOICE}:
        option = shape.find_option(value)
        return option.title if option else str(value)
    if shape.type is Type.SCORE:
        return next(
            (f"{value} {o.title.lower()}" for o in shape.options if o.score == value), str(value)
        )
    if shape.type is Type.REFERENCE and shape.references:
        return labels.get(value, value)
    if shape.type is Type.REFERENCE or shape.type is Type.PERSON:
        return names(shape.inventory or "person", value)
    if shape.type is Type.FILE:
        return f"{names('evidence', value)} ({value[:12]})"
    return _plain(shape, value, language)


def _plain(shape: Shape, value: Any, language: str) -> str:
    if shape.type is Type.YES_NO_UNKNOWN:
        return say(language, str(value).capitalize())
    if shape.type is Type.NUMBER:
        shown = say_number(language, f"{value:,}" if isinstance(value, int) else f"{value:g}")
        return f"{shown} {shape.unit}".strip()
    if shape.type is Type.DATE:
        return say_day(language, date.fromisoformat(str(value)))
    if shape.type is Type.DURATION:
        return in_words(value, language)
    return str(value)


def provenance_text(answer: Answer | None, language: str = ENGLISH) -> str:
    """Where a prefilled value came from, in one line."""
    if answer is None or answer.provenance is None:
        return ""
    origin = answer.provenance
    row = f", {origin.row}" if origin.row else ""
    day = say(language, ", as of {day}", day=origin.as_of[:10]) if origin.as_of else ""
    return say(
        language,
        "From {source}{row}{day} (SHA-256 {digest})",
        source=origin.source.replace("_", " "),
        row=row,
        day=day,
        digest=origin.sha256[:12],
    )
