"""The answers of a PIA: texts, lists, levels, chosen measures, and questions of an own template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.cnil import fields
from assessments.exchange.cnil.cells import Cells, normalised
from assessments.exchange.cnil.document import Document
from assessments.exchange.cnil.rows import Measures, Row, objects
from assessments.exchange.cnil.structure import Asked, resolve, standard_number
from assessments.exchange.frame import Given

NO_PLACE = "This kind of question has no place for it."


def numbered(question: int) -> str:
    """211 as people read it: 2.1.1."""
    return ".".join(str(question))


def last_answers(document: Document) -> dict[int, int]:
    """Question to the position of its answer; when it is answered twice, the later one counts."""
    asked = resolve(document.pia.get("structure_data"))
    found = {}
    for position, row in enumerate(document.rows("answers")):
        number = row.get("reference_to") if isinstance(row, dict) else None
        standard = standard_number(Cells().number(number, ""), asked)
        if standard is not None:
            found[standard] = position
    return found


def read_answers(
    document: Document, measures: Measures, cells: Cells
) -> tuple[dict[str, Given], int]:
    """Answers by question of our template, and how many answers of the file were read."""
    asked = resolve(document.pia.get("structure_data"))
    last = last_answers(document)
    given: dict[str, Given] = {}
    own: list[Row] = []
    taken = 0
    for position, where, row in objects(document, "answers", cells):
        data = row.get("data")
        if not isinstance(data, dict):
            cells.lose(f"{where}.data", type(data).__name__, "An object is expected here.")
            continue
        number = cells.number(row.get("reference_to"), f"{where}.reference_to")
        standard = standard_number(number, asked)
        taken += standard is None or last[standard] == position
        if standard is None:
            own += _own(position, where, row, data, asked, cells)
        elif last[standard] != position:
            cells.lose(where, f"an answer to {standard}", "A later answer to it counts.")
        else:
            given |= _standard(standard, where, data, _moment(row), measures, cells)
    if own:
        given["own_answers"] = Given(own, f"{len(own)} questions of an own template")
    return given, taken


def _moment(row: Mapping[str, Any]) -> str | None:
    found = row.get("updated_at") or row.get("created_at")
    return found[:40] if isinstance(found, str) else None


def _standard(
    number: int, where: str, data: Row, at: str | None, measures: Measures, cells: Cells
) -> dict[str, Given]:
    row, name = f"question {numbered(number)}", f"q{number}"
    found: dict[str, Any] = {}
    is_list = number in fields.LIST_QUESTIONS or number in fields.MEASURE_QUESTIONS
    text = cells.long_text(data.get("text"), f"{where}.data.text")
    items = _items(data.get("list"), f"{where}.data.list", cells)
    level = cells.level(data.get("gauge"), f"{where}.data.gauge")
    if number in fields.LIST_QUESTIONS:
        found[name] = "\n".join(items)
    elif number in fields.MEASURE_QUESTIONS:
        found[name] = _chosen(items, where, measures, cells)
    else:
        found[name] = text
    if number in fields.GAUGE_QUESTIONS:
        found[f"{name}_level"] = level
    for key, is_left in (("text", is_list and text), ("list", not is_list and items),
                         ("gauge", number not in fields.GAUGE_QUESTIONS and level)):  # fmt: skip
        if is_left:
            cells.lose(f"{where}.data.{key}", f"a {key} of question {number}", NO_PLACE)
    _unknown_data(data, where, cells)
    return {question: Given(value, row, at) for question, value in found.items() if value}


def _unknown_data(data: Row, where: str, cells: Cells) -> None:
    for key in sorted(data.keys() - {"text", "gauge", "list"}):
        cells.lose(f"{where}.data.{key}", "a field", "This field is not known here.")


def _items(raw: Any, where: str, cells: Cells) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        cells.lose(where, type(raw).__name__, "A list is expected here.")
        return []
    found = (cells.text(item, f"{where}[{number}]") for number, item in enumerate(raw))
    return [" ".join(item.split()) for item in found if item]


def _chosen(items: list[str], where: str, measures: Measures, cells: Cells) -> list[str]:
    """Measures are named by title; a title that no measure has is reported."""
    found = []
    for number, title in enumerate(items):
        row_id = measures.by_title.get(normalised(title))
        if row_id is None:
            cells.lose(f"{where}.data.list[{number}]", "a measure", "No measure has this title.")
        elif row_id not in found:
            found.append(row_id)
    return found


def _own(
    position: int, where: str, row: Row, data: Row, asked: Mapping[str, Asked], cells: Cells
) -> list[Row]:
    """A question of the organisation's own template, in a row of its own."""
    reference = cells.text(row.get("reference_to"), f"{where}.reference_to")
    known = asked.get(str(reference))
    if known is None:
        cells.lose(f"{where}.reference_to", "a question", "No template in the file explains it.")
    text = cells.long_text(data.get("text"), f"{where}.data.text")
    lines = _items(data.get("list"), f"{where}.data.list", cells)
    if cells.level(data.get("gauge"), f"{where}.data.gauge"):
        cells.lose(f"{where}.data.gauge", "a level", NO_PLACE)
    _unknown_data(data, where, cells)
    answer = "\n".join([text] if text else lines)
    if text and lines:
        cells.lose(f"{where}.data.list", "a list beside a text", NO_PLACE)
    if not answer:
        return []
    title = cells.text(known.title, f"{where}.question") if known else None
    return [
        {"id": f"a{position}", "place": known.item if known else None, "reference": reference,
         "question": title, "answer": answer}
    ]  # fmt: skip
