"""Filling a form: for each item its texts and tables, and what is not there yet.

What counts is what the questionnaire counts: answers that are set aside fill nothing, a prefilled
answer that nobody has looked at is shown and still lacks a person behind it, and a question that
certainly does not apply is neither shown nor missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.language import say, sentence
from assessments.questionnaire import Answer, Answers, Question, Status, Template, Type, View
from assessments.questionnaire.evaluation import RowScope, truth
from assessments.questionnaire.expressions import names_in
from assessments.questionnaire.text import Names, answer_text, own_id, table_texts
from assessments.views.filled import Block, FilledForm, FilledItem, FilledSection, Gap, Head
from assessments.views.form import Feed, Form, Item, ShownColumn
from assessments.views.record_parts import PARTS

Found = tuple[Block | None, list[Gap]]
Shown = tuple[ShownColumn, ...]

NOT_ASKED = sentence("This kind of assessment does not ask for it.")
HANGS = sentence("Whether more is asked hangs on: {title}")
OPEN = sentence("Not answered yet: {title}")
UNKNOWN = sentence("Nobody knows yet: {title}")
UNSEEN = sentence("Prefilled and not looked at yet: {title}")
NO_ROW = sentence("No row says this: {title}")
EMPTY = sentence("{empty} of {all} rows say nothing under '{column}': {title}")


def fill(
    form: Form,
    template: Template,
    answers: Answers,
    record: Mapping[str, Any],
    names: Names = own_id,
) -> FilledForm:
    """The form filled from answers and from the record of what the desk did."""
    source = _Source(form, View(template, answers), record, names)
    sections = tuple(
        FilledSection(s.ref, s.title, tuple(source.item(item) for item in s.items))
        for s in form.sections
    )
    head = _head(record["assessment"])
    return FilledForm(form, head, sections, _excuse(form, source.view), template.language)


def _head(found: Mapping[str, Any]) -> Head:
    return Head(
        assessment_id=found["id"],
        title=found["title"],
        state=found["state"],
        organisation=found["organisation"],
        as_of=found["frozen_at"],
    )


def _excuse(form: Form, view: View) -> str:
    """Why nobody asks for the form here; nothing while that is not certain."""
    if form.duty is None or truth(form.duty.when, view) is not False:
        return ""
    return form.duty.text


@dataclass(frozen=True, slots=True)
class _Source:
    """The answers and the record that one form is filled from."""

    form: Form
    view: View
    record: Mapping[str, Any]
    names: Names

    @property
    def language(self) -> str:
        return self.view.template.language

    def item(self, item: Item) -> FilledItem:
        if item.applies is not None and truth(item.applies, self.view) is False:
            return FilledItem(item.ref, item.title, item.source, (), ())
        feeds = [f for f in item.feeds if f.record or f.question in self.view.template.by_id]
        found = [self._feed(item, feed) for feed in feeds]
        blocks = tuple(block for block, _ in found if block)
        gaps = [gap for _, missing in found for gap in missing]
        if not feeds:
            gaps = [self._gap(item, NOT_ASKED)]
        if not item.is_required or (item.one_is_enough and any(_is_full(f) for f in found)):
            gaps = []
        return FilledItem(item.ref, item.title, item.source, blocks, tuple(dict.fromkeys(gaps)))

    def _feed(self, item: Item, feed: Feed) -> Found:
        block, gaps = self._part(item, feed) if feed.record else self._answer(item, feed)
        return block, gaps if feed.is_needed else []

    def _part(self, item: Item, feed: Feed) -> Found:
        part = PARTS[feed.record]
        made = part.make(self.record, self.language)
        title = say(self.language, part.title)
        if made is None:
            return None, [self._gap(item, part.lacking, part.page)]
        return Block(title, made.text, made.columns, made.rows), []

    def _answer(self, item: Item, feed: Feed) -> Found:
        question = self.view.template.question(feed.question)
        if self.view.is_ruled_out(question.id):
            return None, []
        if not self.view.is_visible(question.id):
            return None, [self._undecided(item, question)]
        answer = self.view.answer(question.id)
        if answer is None:
            return None, [self._lacks(item, question, OPEN)]
        if answer.status is Status.UNKNOWN:
            return None, [self._lacks(item, question, UNKNOWN)]
        block, gaps = self._said(item, feed, question, answer)
        if answer.needs_confirmation:
            gaps = [*gaps, self._lacks(item, question, UNSEEN)]
        return block, gaps

    def _said(self, item: Item, feed: Feed, question: Question, answer: Answer) -> Found:
        if question.columns and answer.status is Status.ANSWERED:
            return self._table(item, feed, question, answer.value)
        text = answer_text(self.view.template, self.view.answers, question.id, self.names)
        if answer.status is Status.NOT_APPLICABLE and answer.note:
            text = f"{text}: {answer.note}"
        return Block(question.title, text, question=question.id), []

    def _table(
        self, item: Item, feed: Feed, question: Question, rows: list[dict[str, Any]]
    ) -> Found:
        known = {column.id for column in question.columns}
        shown = tuple(column for column in feed.columns if column.id in known)
        kept = [n for n, row in enumerate(rows) if self._is_wanted(feed, row)]
        if not kept:
            return None, [self._lacks(item, question, NO_ROW)]
        titles = [question.column(column.id).title for column in shown]
        if feed.has_overall:
            titles.append(say(self.language, "Both together"))
        texts = table_texts(self.view.template, self.view.answers, question.id, self.names)
        cells = tuple(
            (*self._cells(shown, question, rows[n], texts[n]), *self._overall(feed, rows[n]))
            for n in kept
        )
        block = Block(question.title, columns=tuple(titles), rows=cells, question=question.id)
        gaps = list(self._empty_cells(item, shown, question, [rows[n] for n in kept]))
        if any(column.is_needed and column not in shown for column in feed.columns):
            gaps.append(self._gap(item, NOT_ASKED))
        return block, gaps

    def _is_wanted(self, feed: Feed, row: dict[str, Any]) -> bool:
        scope = RowScope(self.view, row, self.view.columns(feed.question))
        return feed.where is None or truth(feed.where, scope, row) is True

    def _cells(
        self, shown: Shown, question: Question, row: dict[str, Any], texts: list[str]
    ) -> Iterator[str]:
        ids = [column.id for column in question.columns]
        for column in shown:
            yield self._rescaled(question, column, row) or texts[ids.index(column.id)]

    def _rescaled(self, question: Question, shown: ShownColumn, row: dict[str, Any]) -> str:
        """A level in the form's words, with ours beside it when the form has fewer."""
        level = row.get(shown.id)
        scale = self.form.scale
        if question.column(shown.id).type is not Type.SCORE or not scale or not level:
            return ""
        return scale.words.get(shown.id, {}).get(level, "")

    def _overall(self, feed: Feed, row: dict[str, Any]) -> list[str]:
        if not feed.has_overall or self.form.scale is None:
            return []
        severity, likelihood = row.get("severity"), row.get("likelihood")
        return [self.form.scale.both(severity, likelihood) if severity and likelihood else ""]

    def _empty_cells(
        self, item: Item, shown: Shown, question: Question, rows: list[dict[str, Any]]
    ) -> Iterator[Gap]:
        for column in shown:
            empty = sum(row.get(column.id) is None for row in rows)
            if column.is_needed and empty:
                title = question.column(column.id).title
                yield self._lacks(item, question, EMPTY, empty=empty, all=len(rows), column=title)

    def _undecided(self, item: Item, question: Question) -> Gap:
        """Whether the question applies hangs on another one, so that one is named."""
        section = self.view.template.section(question.section_id)
        conditions = [tree for tree in (section.show_if, question.show_if) if tree is not None]
        names = [name for tree in conditions for name in names_in(tree)]
        open_ones = (
            name
            for name in names
            if name in self.view.template.by_id
            and self.view.is_visible(name)
            and self.view.status(name) in (None, Status.UNKNOWN)
        )
        deciding = next(open_ones, None)
        question = self.view.template.question(deciding or names[0])
        return self._lacks(item, question, OPEN if deciding else HANGS)

    def _lacks(self, item: Item, question: Question, text: str, **values: object) -> Gap:
        said = say(self.language, text, title=question.title, **values)
        return Gap(item.ref, item.title, said, question.id)

    def _gap(self, item: Item, text: str, page: str = "") -> Gap:
        return Gap(item.ref, item.title, say(self.language, text), "", page)


def _is_full(found: Found) -> bool:
    block, gaps = found
    return block is not None and not gaps
