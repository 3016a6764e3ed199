"""Putting answers into a CNIL document so that only what was changed changes.

Whatever nobody touched stays as the file had it: markup, ids, times, unknown fields, the dialect.
A value counts as changed when it differs from the value that arrived.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from assessments.exchange.cnil import fields
from assessments.exchange.cnil.cells import normalised
from assessments.exchange.cnil.document import Document, find_document
from assessments.exchange.cnil.edited_rows import edit_rows, new_row
from assessments.exchange.cnil.questions import last_answers
from assessments.exchange.html import to_html

Values = Mapping[str, Any]
"""Question of our template to its value."""


def put(content: Any, place: str, file: str, arrived: Values, current: Values) -> Any:
    """The document that stands there with today's values, in the dialect in which it came."""
    document = find_document(copy.deepcopy(content), place, file)
    changed = {
        name for name in current.keys() | arrived.keys() if current.get(name) != arrived.get(name)
    }
    edit_rows(document, arrived, current)
    _put_fields(document.pia, changed, current)
    _put_answers(document, changed, arrived, current)
    is_listed = document.pia is document.root and place.startswith("[")
    return [document.root] if is_listed else document.root


def _put_fields(pia: dict[str, Any], changed: set[str], current: Values) -> None:
    if "pia_name" in changed:
        pia["name"] = current.get("pia_name")
    for key, question in (fields.TEXT_FIELDS | fields.LONG_FIELDS).items():
        if question in changed:
            pia[_spelling(pia, key)] = current.get(question)
    for key, (question, codes) in fields.CODE_FIELDS.items():
        if question in changed:
            numbers = {word: number for number, word in codes.items()}
            pia[key] = numbers.get(current.get(question, ""))
    for key, question in fields.FLAG_FIELDS.items():
        if question in changed:
            pia[key] = _flag(current.get(question), pia.get(key))


def _spelling(pia: Mapping[str, Any], key: str) -> str:
    """A file that spells the key in the other way keeps its spelling."""
    spelt = [alias for alias, name in fields.ALIASES.items() if name == key and alias in pia]
    return spelt[0] if spelt and key not in pia else key


def _flag(value: Any, before: Any) -> Any:
    """A file that writes truth values as numbers keeps doing so."""
    if value is None:
        return None
    return int(value == "yes") if type(before) is int else value == "yes"


def _put_answers(document: Document, changed: set[str], arrived: Values, current: Values) -> None:
    before, now = _titles(arrived), _titles(current)
    renamed = {row for row in before.keys() & now.keys() if before[row] != now[row]}
    for number in sorted(fields.QUESTIONS):
        name = f"q{number}"
        is_measures = number in fields.MEASURE_QUESTIONS
        if not {name, f"{name}_level"} & changed and not (is_measures and renamed):
            continue
        data = _data(document, number)
        if f"{name}_level" in changed:
            data["gauge"] = current.get(f"{name}_level")
        value = current.get(name)
        if is_measures:
            data["list"] = _chosen(data.get("list"), value or [], before, now)
        elif name in changed and number in fields.LIST_QUESTIONS:
            data["list"] = [line for line in (value or "").split("\n") if line.strip()]
        elif name in changed:
            data["text"] = to_html(value) if value else None


def _titles(values: Values) -> dict[str, Any]:
    return {row["id"]: row["title"] for row in values.get("measures") or []}


def _chosen(
    listed: Any, value: list[str], before: Mapping[str, Any], now: Mapping[str, Any]
) -> list[Any]:
    """Titles of the chosen measures; what no measure is called stays where it stood."""
    rows = {normalised(title): row for row, title in reversed(list(before.items()))}
    kept: list[Any] = []
    for title in listed if isinstance(listed, list) else []:
        row = rows.get(normalised(title))
        if row is None:
            kept.append(title)
        elif row in value:
            kept.append(title if now.get(row) == before[row] else now.get(row))
    here = {normalised(title) for title in kept}
    added = (now.get(row) for row in value)
    return kept + [title for title in added if title and normalised(title) not in here]


def _data(document: Document, number: int) -> dict[str, Any]:
    """The answer's data; a question that was not answered gets an answer."""
    rows = document.root.get("answers")
    if not isinstance(rows, list):
        rows = document.root["answers"] = []
    position = last_answers(document).get(number)
    if position is None:
        empty: dict[str, Any] = {"text": None, "gauge": None, "list": []}
        rows.append(new_row(document, rows) | {"reference_to": number, "data": empty})
        position = len(rows) - 1
    answer: dict[str, Any] = rows[position]
    if not isinstance(answer.get("data"), dict):
        answer["data"] = {"text": None, "gauge": None, "list": []}
    data: dict[str, Any] = answer["data"]
    return data
