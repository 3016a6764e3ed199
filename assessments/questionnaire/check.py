"""From raw input to an Answer: ``check_answer`` for every type, tables included."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from assessments.errors import BadInput
from assessments.questionnaire.answers import Answer, Status
from assessments.questionnaire.groups import INSTANCE, is_register
from assessments.questionnaire.template import Column, Question, Type
from assessments.questionnaire.values import check_value

MAX_ROWS = 5_000
MAX_NOTE = 10_000
UNKNOWN_WORDS = frozenset({"unknown", "i do not know yet"})


def check_answer(
    question: Question,
    raw: Any,
    *,
    status: Status = Status.ANSWERED,
    note: str | None = None,
    previous: Answer | None = None,
) -> Answer:
    """The answer in normal form, or BadInput with the question as its field.

    Rows of a table keep their ids; a row without one gets a new id, unless ``previous`` has an
    equal row. Saving the same raw value twice therefore gives the same answer.
    """
    kept_note = (note or "").strip()[:MAX_NOTE] or None
    if status is not Status.ANSWERED or _says_unknown(question, raw):
        return _without_value(
            question, Status.UNKNOWN if status is Status.ANSWERED else status, kept_note
        )
    try:
        if question.type is Type.TABLE:
            value: Any = check_rows(question, raw, previous.value if previous else None)
        else:
            value = check_value(question.shape, raw)
    except BadInput as error:
        raise BadInput(error.title, error.detail, field=question.id, where=error.where) from error
    if value is None:
        raise BadInput(
            "There is no answer yet",
            "Answer the question, or say that you do not know yet.",
            field=question.id,
        )
    return Answer(value, note=kept_note)


def _says_unknown(question: Question, raw: Any) -> bool:
    return (
        question.type is Type.YES_NO_UNKNOWN
        and isinstance(raw, str)
        and raw.strip().casefold() in UNKNOWN_WORDS
    )


def _without_value(question: Question, status: Status, note: str | None) -> Answer:
    if status is Status.UNKNOWN and not question.allow_unknown:
        raise BadInput("This question needs an answer", "It is needed to go on.", field=question.id)
    if status is Status.NOT_APPLICABLE and question.required and not note:
        raise BadInput(
            "Say why this does not apply", "Reviewers need the reason.", field=question.id
        )
    return Answer(None, status, note=note)


def check_rows(question: Question, raw: Any, previous: Any = None) -> list[dict[str, Any]] | None:
    """The rows of a table in normal form: every column present, blank cells None, blank rows gone."""
    if raw is None:
        return None
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BadInput("A table is a list of rows")
    most = int(question.shape.maximum or MAX_ROWS)
    if len(raw) > most:
        raise BadInput("The table is too long", f"At most {most} rows.")
    rows = [_check_row(question, row, number) for number, row in enumerate(raw, start=1)]
    filled = [row for row in rows if any(row[column.id] is not None for column in question.columns)]
    _give_ids(filled, previous if isinstance(previous, list) else [])
    if is_register(question):
        _check_instances(filled)
    return filled or None


def _check_row(question: Question, raw: Any, number: int) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise BadInput("A row is a mapping of columns", where={"row": number})
    known = {column.id for column in question.columns}
    for name in raw:
        if name not in known and name != "id":
            raise BadInput(f"There is no column {name}", where={"row": number})
    row_id = raw.get("id")
    if row_id is not None and (not isinstance(row_id, str) or not 0 < len(row_id) <= 300):
        raise BadInput("The row's id cannot be used", where={"row": number})
    cells = {
        column.id: _check_cell(column, raw.get(column.id), number) for column in question.columns
    }
    return {"id": row_id, **cells}


def _check_cell(column: Column, raw: Any, number: int) -> Any:
    if isinstance(raw, float) and raw != raw:
        return None
    try:
        return check_value(column.shape, raw)
    except BadInput as error:
        where = {"row": number, "column": column.title}
        raise BadInput(error.title, error.detail, where=where) from error


def _give_ids(rows: list[dict[str, Any]], previous: list[dict[str, Any]]) -> None:
    taken: set[str] = set()
    for row in rows:
        if row["id"] in taken:
            row["id"] = None
        elif row["id"] is not None:
            taken.add(row["id"])
    free = {_content(row): row["id"] for row in reversed(previous) if row["id"] not in taken}
    for row in rows:
        if row["id"] is None:
            row["id"] = free.pop(_content(row), None) or uuid4().hex[:12]


def _check_instances(rows: list[dict[str, Any]]) -> None:
    """The rows of a register name their instance's answers, so their ids are short and plain."""
    for number, row in enumerate(rows, start=1):
        if not INSTANCE.match(row["id"]):
            raise BadInput("The row's id cannot be used", where={"row": number})


def _content(row: Mapping[str, Any]) -> str:
    return json.dumps({k: v for k, v in row.items() if k != "id"}, sort_keys=True)
