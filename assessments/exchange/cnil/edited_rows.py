"""Changed, added and removed rows of a kept PIA, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assessments.exchange.cnil import fields
from assessments.exchange.cnil.document import Document
from assessments.exchange.html import to_html

Row = dict[str, Any]
Writer = Callable[[Row, Row, Mapping[str, Any]], None]
"""(their row, the cells that changed, number of each measure's row)"""


def edit_rows(document: Document, arrived: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    """Bring every list of the document to what the tables say now."""
    _edit(document, "measures", "m", arrived, current, {}, _measure)
    numbers = _measure_numbers(document, current)
    _edit(document, "evaluations", "e", arrived, current, numbers, _evaluation)
    _edit(document, "comments", "c", arrived, current, numbers, _comment)
    _edit(document, "answers", "a", arrived, current, {}, _own_answer, table="own_answers")
    for part in fields.PARTS:
        if isinstance(document.root.get(part), list):
            document.root[part] = [row for row in document.root[part] if row is not GONE]


GONE: Row = {}
"""Marks a removed row, so that the others keep their positions until all are edited."""


def _edit(
    document: Document,
    part: str,
    letter: str,
    arrived: Mapping[str, Any],
    current: Mapping[str, Any],
    numbers: Mapping[str, Any],
    write: Writer,
    table: str = "",
) -> None:
    before = {row["id"]: row for row in arrived.get(table or part) or []}
    now = {row["id"]: row for row in current.get(table or part) or []}
    if before == now:
        return
    rows = document.root.setdefault(part, [])
    if not isinstance(rows, list):
        rows = document.root[part] = []
    for row_id in before.keys() - now.keys():
        rows[_position(row_id, letter)] = GONE
    for row_id, cells in now.items():
        changed = {k: v for k, v in cells.items() if before.get(row_id, {}).get(k) != v}
        if row_id not in before:
            rows.append(new_row(document, rows))
            write(rows[-1], {k: v for k, v in changed.items() if k != "id"}, numbers)
        elif changed:
            write(rows[_position(row_id, letter)], changed, numbers)


def _position(row_id: str, letter: str) -> int:
    return int(row_id.removeprefix(letter))


def new_row(document: Document, rows: list[Any]) -> Row:
    """What every row of theirs has."""
    moment = document.pia.get("updated_at") or document.pia.get("created_at")
    return {"id": free_number(rows), "pia_id": document.pia.get("id"), "created_at": moment}


def free_number(rows: list[Any]) -> int:
    """A number that no row has."""
    used = [row.get("id") for row in rows if isinstance(row, dict)]
    return 1 + max((number for number in used if isinstance(number, int)), default=0)


def _measure_numbers(document: Document, current: Mapping[str, Any]) -> dict[str, Any]:
    """Row of ours to the number in the file; added rows stand at the end, in their order."""
    rows = document.root.get("measures") or []
    ours = [row["id"] for row in current.get("measures") or []]
    old = [row for row in ours if _is_position(row, "m", len(rows))]
    added = [row for row in ours if row not in old]
    found = {row: rows[_position(row, "m")].get("id") for row in old}
    tail = rows[len(rows) - len(added) :] if added else []
    return found | {row: theirs["id"] for row, theirs in zip(added, tail, strict=True)}


def _is_position(row_id: str, letter: str, length: int) -> bool:
    digits = row_id.removeprefix(letter)
    return row_id.startswith(letter) and digits.isdigit() and int(digits) < length


def _measure(theirs: Row, cells: Row, _: Mapping[str, Any]) -> None:
    for key, column in fields.MEASURE_COLUMNS.items():
        if column in cells:
            theirs[key] = _cell(column, cells[column])


def _evaluation(theirs: Row, cells: Row, numbers: Mapping[str, Any]) -> None:
    for key, column in fields.EVALUATION_COLUMNS.items():
        if column in cells:
            theirs[key] = _cell(column, cells[column])
    for key, column, codes in (
        ("status", "verdict", fields.VERDICT),
        ("global_status", "progress", fields.PROGRESS),
    ):
        if column in cells:
            words = {word: number for number, word in codes.items()}
            theirs[key] = words.get(cells[column], 0)
    for axis, column in (("x", "severity"), ("y", "likelihood")):
        if column in cells:
            gauges = theirs["gauges"] if isinstance(theirs.get("gauges"), dict) else {}
            theirs["gauges"] = {"x": 0, "y": 0} | gauges | {axis: cells[column] or 0}
    if cells.get("measure") in numbers:
        theirs["reference_to"] = f"3.1.{numbers[cells['measure']]}"
    elif cells.get("reference"):
        theirs["reference_to"] = cells["reference"]


def _comment(theirs: Row, cells: Row, numbers: Mapping[str, Any]) -> None:
    if "text" in cells:
        theirs["description"] = cells["text"]
    if cells.get("measure") in numbers:
        theirs |= {"reference_to": numbers[cells["measure"]], "for_measure": True}
    elif "reference" in cells:
        theirs |= {"reference_to": _reference(cells["reference"]), "for_measure": False}


def _own_answer(theirs: Row, cells: Row, _: Mapping[str, Any]) -> None:
    if "reference" in cells:
        theirs["reference_to"] = _reference(cells["reference"])
    if "answer" in cells:
        data = theirs["data"] if isinstance(theirs.get("data"), dict) else {}
        text = to_html(cells["answer"]) if cells["answer"] else None
        theirs["data"] = {"gauge": None, "list": []} | data | {"text": text}


def _reference(text: Any) -> Any:
    return int(text) if isinstance(text, str) and text.isdigit() and len(text) < 10 else text


def _cell(column: str, value: Any) -> Any:
    return to_html(value) if column in fields.HTML_COLUMNS and value else value
