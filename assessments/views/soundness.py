"""What a form may not get wrong: numbers given twice, names that no template and no record has."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.questionnaire.document import Cursor
from assessments.questionnaire.expressions import Expression
from assessments.questionnaire.soundness import unknown_names
from assessments.questionnaire.template import Question, Template
from assessments.views.form import Feed, Form
from assessments.views.record_parts import PARTS


def check(form: Form, templates: tuple[Template, ...], root: Cursor) -> None:
    """Raise BadInput at the line of the first mistake."""
    if form.duty is not None:
        _check_names(templates, root.child("duty"), "when", form.duty.when)
    seen: set[str] = set()
    for section_at, section in zip(root.children("sections"), form.sections, strict=True):
        for place, item in zip(section_at.children("items"), section.items, strict=True):
            if item.ref in seen:
                raise place.problem(f"The number {item.ref} is used twice", key="ref")
            seen.add(item.ref)
            _check_names(templates, place, "applies", item.applies)
            if not item.feeds:
                raise place.problem("An item needs something that fills it", key="from")
            for feed_at, feed in zip(place.children("from"), item.feeds, strict=True):
                _check_feed(form, templates, feed_at, feed)


def _check_feed(form: Form, templates: tuple[Template, ...], place: Cursor, feed: Feed) -> None:
    if feed.record:
        if feed.record not in PARTS:
            raise place.problem(f"The record has no {feed.record}", ", ".join(PARTS), key="record")
        if feed.columns or feed.where is not None:
            raise place.problem("Columns and rows are chosen from a table", key="record")
        return
    questions = [t.by_id[feed.question] for t in templates if feed.question in t.by_id]
    if not questions:
        raise place.problem(f"There is no question {feed.question}", key="question")
    for question in questions:
        _check_table(place, feed, question)
    columns = {column.id for question in questions for column in question.columns}
    _check_names(templates, place, "where", feed.where, feed.question)
    if feed.has_overall and (form.scale is None or not {"severity", "likelihood"} <= columns):
        raise place.problem(
            "Both levels and a scale are needed for the level of both", key="overall"
        )


def _check_table(place: Cursor, feed: Feed, question: Question) -> None:
    if bool(question.columns) != bool(feed.columns):
        raise place.problem("A table, and nothing else, names the columns to show", key="columns")
    known = {column.id for column in question.columns}
    for column in feed.columns:
        if column.id not in known:
            raise place.problem(f"The table {question.id} has no column {column.id}", key="columns")


def _check_names(
    templates: Iterable[Template],
    place: Cursor,
    key: str,
    tree: Expression | None,
    table: str = "",
) -> None:
    """A condition must be understood by one of the templates at least."""
    unknown = [
        list(unknown_names(template, tree, _columns(template, table), table))
        for template in templates
        if not table or table in template.by_id
    ]
    if unknown and all(unknown):
        name, where = unknown[0][0]
        inside = f" in {where}" if where else ""
        raise place.problem(f"There is no {name}{inside}", "Use the id of a question.", key=key)


def _columns(template: Template, table: str) -> frozenset[str]:
    question = template.by_id.get(table)
    return frozenset({"id", *(c.id for c in question.columns)}) if question else frozenset()
