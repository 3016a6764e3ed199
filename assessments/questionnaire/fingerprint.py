"""What a finding rests on, as one digest: the rule, the row, and every cell that it reads or names.

When one of these changes the digest changes, and what somebody said about the finding no longer
stands. A cell that the rule does not read changes nothing. Digests stay in the records store: a hash
over yes and no can be guessed, so none of them goes into the ledger.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assessments.questionnaire.evaluation import RowScope, _Unknown
from assessments.questionnaire.expressions import (
    Aggregate,
    Expression,
    Name,
    This,
    names_in,
    parts_of,
)
from assessments.questionnaire.lints import Finding, rows_of
from assessments.questionnaire.template import Lint
from assessments.questionnaire.view import View

Row = Mapping[str, Any]
Read = tuple[str, Any]
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def fingerprint(view: View, finding: Finding) -> str:
    """SHA-256 of what the finding rests on under the present answers."""
    rule = next((rule for rule in view.template.lints if rule.id == finding.rule), None)
    reads = _cell(view, finding) if rule is None else _reads_of_rule(view, rule, finding)
    said = [finding.rule, finding.place, finding.severity.value, sorted(reads, key=str)]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _cell(view: View, finding: Finding) -> list[Read]:
    """The findings that every table can have rest on one cell and on what its row is called."""
    row = _row(view, finding.question, finding.row or "")
    label = view.label(finding.question, row) if row else ""
    return [("label", label), ("cell", row.get(finding.column or ""))]


def _reads_of_rule(view: View, rule: Lint, finding: Finding) -> list[Read]:
    row = _row(view, rule.each, finding.place) if rule.each else {}
    columns = view.columns(rule.each) | {"id"} if rule.each else frozenset()
    place = _Place(view, row, columns)
    reads: list[Read] = [("rule", repr((rule.require, rule.where)))]
    for tree in (rule.require, rule.where):
        reads += [] if tree is None else _reads(tree, place)
    for name in _FIELD.findall(rule.text):
        said = view.label(rule.each, row) if name == "label" and row else row.get(name)
        reads.append((f"text {name}", said))
    return reads


def _row(view: View, table: str, row_id: str) -> Row:
    return next((row for row in rows_of(view, table) if str(row["id"]) == row_id), {})


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name is looked up: in the tables around it, in the row, then among the questions."""

    view: View
    row: Row
    columns: frozenset[str]
    around: frozenset[str] = frozenset()


def _reads(tree: Expression, at: _Place) -> Iterator[Read]:
    """Every value that an expression looks at; the cells of a table are read with the table."""
    match tree:
        case Name(id=name):
            if name in at.columns and name not in at.around:
                yield f"cell {name}", at.row.get(name)
            elif name not in at.around:
                yield f"answer {name}", _answer(at.view, name)
        case This(column=column):
            yield f"cell {column}", at.row.get(column)
        case Aggregate(table=table, where=where):
            called = RowScope(at.view, at.row, at.columns).outside(table)
            inner = at.view.columns(called) | {"id"}
            yield f"table {table}", _cells(at.view, replace(tree, table=called), inner)
            if where is not None:
                yield from _reads(where, replace(at, around=at.around | inner))
        case _:
            for part in parts_of(tree):
                yield from _reads(part, at)


def _answer(view: View, name: str) -> Any:
    value = view.value(name)
    return [view.status(name), None if isinstance(value, _Unknown) else value]


def _cells(view: View, tree: Aggregate, inner: frozenset[str]) -> Any:
    """Of a table: its status, how many rows it has, and of each row the columns that matter."""
    named = {tree.column, *(names_in(tree.where) if tree.where is not None else ())}
    wanted = sorted(name for name in named if name in inner)
    rows = view.rows(tree.table)
    found = [] if isinstance(rows, _Unknown) else rows
    return [
        view.status(tree.table),
        [[r.get(name) for name in wanted] if isinstance(r, Mapping) else r for r in found],
    ]
