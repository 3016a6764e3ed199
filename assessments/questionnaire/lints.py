"""Consistency rules between answers, declared in the template and run over what counts.

A rule that cannot be decided because something is unanswered is a finding that is ``pending``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.language import say, sentence
from assessments.questionnaire.answers import Answers
from assessments.questionnaire.evaluation import UNKNOWN, Instance, RowScope, _Unknown, truth
from assessments.questionnaire.template import Column, Lint, Question, Severity, Template, Type
from assessments.questionnaire.view import View

MISSING = sentence("'{label}' says nothing under '{column}'.")
FEW = sentence("'{title}' needs at least {least} rows.")
GONE = sentence("'{label}' names a row that is gone under '{column}'.")
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule and the cell that it points to.

    place tells findings of one rule apart: the id of the row that the rule looks at, or table, row
    and column for what every table is held to.
    """

    rule: str
    severity: Severity
    text: str
    source: str
    question: str
    row: str | None = None
    column: str | None = None
    is_pending: bool = False
    place: str = ""

    @property
    def key(self) -> str:
        """The finding's name for people and scripts: ``rule`` or ``rule:place``."""
        return f"{self.rule}:{self.place}" if self.place else self.rule

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.BLOCKING


def lint(template: Template, answers: Answers) -> list[Finding]:
    """Every broken rule, blocking ones first, in the template's order."""
    view = View(template, answers)
    found = [
        finding
        for question in template.questions
        if view.is_visible(question.id)
        for finding in (
            *_missing_rows(view, question),
            *_missing_cells(view, question),
            *_dangling(view, question),
        )
    ]
    for rule in template.lints:
        found.extend(_apply(view, rule))
    return sorted(found, key=lambda finding: not finding.is_blocking)


def _apply(view: View, rule: Lint) -> Iterator[Finding]:
    if not rule.each:
        if view.holds(rule.where) and (met := truth(rule.require, view)) is not True:
            yield _finding(view, rule, {}, pending=met is UNKNOWN)
        return
    rows = view.rows(rule.each)
    if isinstance(rows, _Unknown):
        return
    for row in rows:
        scope = RowScope(view, row, view.columns(rule.each))
        if rule.where is not None and truth(rule.where, scope, row) is not True:
            continue
        if (met := truth(rule.require, scope, row)) is not True:
            yield _finding(view, rule, row, pending=met is UNKNOWN)


def _finding(view: View, rule: Lint, row: Mapping[str, Any], *, pending: bool) -> Finding:
    label = view.label(rule.each, row) if rule.each else ""
    text = _FIELD.sub(lambda m: label if m[1] == "label" else str(row.get(m[1]) or ""), rule.text)
    is_same_table = rule.each == rule.question
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        text=text,
        source=rule.source,
        question=row.paths.get(rule.question, rule.question)
        if isinstance(row, Instance)
        else rule.question,
        row=str(row["id"]) if row and is_same_table else None,
        column=rule.column or None,
        is_pending=pending,
        place=str(row["id"]) if row else "",
    )


def _missing_rows(view: View, question: Question) -> Iterator[Finding]:
    least = int(question.shape.minimum or 0) if question.columns else 0
    rows = view.rows(question.id) if least else UNKNOWN
    if not isinstance(rows, _Unknown) and len(list(rows)) < least:
        text = say(view.template.language, FEW, title=question.title, least=least)
        yield Finding(
            rule="rows-missing",
            severity=Severity.BLOCKING,
            text=text,
            source=question.source,
            question=question.id,
            place=question.id,
        )


def _missing_cells(view: View, question: Question) -> Iterator[Finding]:
    rows = view.rows(question.id) if question.columns else UNKNOWN
    for row in () if isinstance(rows, _Unknown) else rows:
        for column in question.columns:
            if column.required and row.get(column.id) is None:
                text = _said(view, MISSING, question, row, column)
                yield _cell("cell-missing", text, question, row, column)


def _dangling(view: View, question: Question) -> Iterator[Finding]:
    """References to rows that are not there any more."""
    rows = view.rows(question.id) if question.columns else UNKNOWN
    columns = [c for c in question.columns if c.type is Type.REFERENCE and c.shape.references]
    for column in columns:
        known = _row_ids(view, column)
        for row in () if isinstance(rows, _Unknown) else rows:
            named = row.get(column.id) or []
            for target in named if isinstance(named, list) else [named]:
                if target not in known:
                    text = _said(view, GONE, question, row, column)
                    yield _cell("reference-gone", text, question, row, column)


def _said(
    view: View, frame: str, question: Question, row: Mapping[str, Any], column: Column
) -> str:
    label = view.label(question.id, row)
    return say(view.template.language, frame, label=label, column=column.title)


def _row_ids(view: View, column: Column) -> set[str]:
    found: set[str] = set()
    for table in column.shape.references:
        rows = view.rows(table)
        found |= set() if isinstance(rows, _Unknown) else {row["id"] for row in rows}
    return found


def _cell(
    rule: str, text: str, question: Question, row: Mapping[str, Any], column: Column
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.BLOCKING,
        text=text,
        source=question.source,
        question=question.id,
        row=str(row["id"]),
        column=column.id,
        place=f"{question.id}/{row['id']}/{column.id}",
    )


def rows_of(view: View, table: str) -> list[Mapping[str, Any]]:
    """The rows that count; none while the table is not answered or holds chosen options."""
    rows = view.rows(table)
    if isinstance(rows, _Unknown):
        return []
    return [row for row in rows if isinstance(row, Mapping)]
