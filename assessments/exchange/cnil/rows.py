"""Measures, evaluations and comments as table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.cnil import fields
from assessments.exchange.cnil.cells import Cells, normalised
from assessments.exchange.cnil.document import Document
from assessments.questionnaire.check import MAX_ROWS

Row = dict[str, Any]
_MEASURE = re.compile(r"3\.1\.(.+)\Z", re.DOTALL)


@dataclass(slots=True)
class Measures:
    """Rows of the measures, found by the file's id and by title."""

    rows: list[Row] = field(default_factory=list)
    by_id: dict[str, str] = field(default_factory=dict)
    by_title: dict[str, str] = field(default_factory=dict)


def objects(document: Document, part: str, cells: Cells) -> Iterator[tuple[int, str, Row]]:
    """Position, place and content of every row that is an object."""
    rows = document.rows(part)
    for number, row in enumerate(rows[:MAX_ROWS]):
        where = document.path(part, number)
        if isinstance(row, dict):
            yield number, where, row
        else:
            cells.lose(where, type(row).__name__, "An object is expected here.")
    if len(rows) > MAX_ROWS:
        where = document.path(part, MAX_ROWS)
        cells.lose(where, f"{len(rows) - MAX_ROWS} rows", f"At most {MAX_ROWS} rows fit.")


def read_measures(document: Document, cells: Cells) -> Measures:
    """Section 3.1."""
    found = Measures()
    for number, where, row in objects(document, "measures", cells):
        row_id = f"m{number}"
        made = {
            "id": row_id,
            "title": cells.text(row.get("title"), f"{where}.title"),
            "content": cells.long_text(row.get("content"), f"{where}.content"),
            "kind": cells.text(row.get("placeholder"), f"{where}.placeholder"),
        }
        if not (made["title"] or made["content"] or made["kind"]):
            cells.lose(where, "a measure", "It is empty.")
            continue
        found.rows.append(made)
        file_id = str(row.get("id"))
        if file_id in found.by_id:
            cells.lose(f"{where}.id", "a measure's id", "It is given twice; the first one counts.")
        found.by_id.setdefault(file_id, row_id)
        found.by_title.setdefault(normalised(made["title"] or ""), row_id)
    return found


def read_evaluations(document: Document, measures: Measures, cells: Cells) -> list[Row]:
    """Evaluations with what they re-estimate; one that points at nothing keeps its reference."""
    return [
        _evaluation(number, where, row, measures, cells)
        for number, where, row in objects(document, "evaluations", cells)
    ]


def _evaluation(number: int, where: str, row: Row, measures: Measures, cells: Cells) -> Row:
    reference = cells.text(row.get("reference_to"), f"{where}.reference_to")
    gauges: Row = row["gauges"] if isinstance(row.get("gauges"), dict) else {}
    match = _MEASURE.match(reference or "")
    measure = measures.by_id.get(match[1]) if match else None
    if match and measure is None:
        cells.lose(f"{where}.reference_to", "an evaluation", "No measure has this number; orphan.")
    return {
        "id": f"e{number}",
        "reference": "3.1" if measure else (reference or "?"),
        "measure": measure,
        "verdict": cells.code(row.get("status"), fields.VERDICT, f"{where}.status"),
        "progress": cells.code(row.get("global_status"), fields.PROGRESS, f"{where}.global_status"),
        "comment": cells.long_text(row.get("evaluation_comment"), f"{where}.evaluation_comment"),
        "action": cells.long_text(row.get("action_plan_comment"), f"{where}.action_plan_comment"),
        "severity": cells.level(gauges.get("x"), f"{where}.gauges.x"),
        "likelihood": cells.level(gauges.get("y"), f"{where}.gauges.y"),
        "owner": cells.text(row.get("person_in_charge"), f"{where}.person_in_charge"),
        "due_on": cells.day(
            row.get("estimated_implementation_date"), f"{where}.estimated_implementation_date"
        ),
    }


def read_comments(document: Document, measures: Measures, cells: Cells) -> list[Row]:
    """Comments on questions, and on measures by the measure's id."""
    found = []
    for number, where, row in objects(document, "comments", cells):
        text = cells.long_text(row.get("description"), f"{where}.description")
        reference = cells.text(row.get("reference_to"), f"{where}.reference_to")
        is_on_measure = cells.flag(row.get("for_measure"), f"{where}.for_measure") == "yes"
        measure = measures.by_id.get(str(reference)) if is_on_measure else None
        if text is None and reference is None:
            cells.lose(where, "a comment", "It is empty.")
            continue
        if is_on_measure and measure is None:
            cells.lose(f"{where}.reference_to", "a comment", "No measure has this number; orphan.")
        found.append(
            {
                "id": f"c{number}",
                "reference": None if measure else reference,
                "measure": measure,
                "text": text,
            }
        )
    return found
