"""Answers as rows of the records store, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.questionnaire.answers import Answer, Provenance, Status
from assessments.records.tables import answer as answer_table
from assessments.records.tables import answer_revision

CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """answer is None when it was cleared; the row stays so that versions go on and time is known."""

    question_id: str
    answer: Answer | None
    version: int
    updated_by: str
    updated_at: datetime


def read_all(connection: Connection, assessment_id: str) -> dict[str, StoredAnswer]:
    """Every answer of an assessment, cleared ones included."""
    rows = connection.execute(
        select(answer_table).where(answer_table.c.assessment_id == assessment_id)
    ).mappings()
    return {row["question_id"]: _stored(row) for row in rows}


def read_one(connection: Connection, assessment_id: str, question_id: str) -> StoredAnswer | None:
    """One answer, None when the question was never answered."""
    row = connection.execute(
        select(answer_table).where(
            answer_table.c.assessment_id == assessment_id,
            answer_table.c.question_id == question_id,
        )
    ).mappings().first()  # fmt: skip
    return None if row is None else _stored(row)


def _stored(row: RowMapping) -> StoredAnswer:
    return StoredAnswer(
        row["question_id"], to_answer(row), row["version"], row["updated_by"], row["updated_at"]
    )


def to_answer(row: RowMapping) -> Answer | None:
    """The answer in a row of ``answer`` or ``answer_revision``."""
    if row["status"] == CLEARED:
        return None
    origin = row["provenance"]
    return Answer(
        value=row["value"],
        status=Status(row["status"]),
        provenance=Provenance.from_dict(origin) if origin else None,
        note=row["note"],
    )


def writing(
    assessment_id: str,
    question_id: str,
    answer: Answer | None,
    before: StoredAnswer | None,
    by: str,
    at: datetime,
) -> tuple[Executable, Executable]:
    """The statements that write an answer (None clears it) and its revision."""
    key = {"assessment_id": assessment_id, "question_id": question_id}
    content = _content(answer) | {"version": before.version + 1 if before else 1}
    current = content | {"updated_by": by, "updated_at": at}
    revision = insert(answer_revision).values(**key, **content, changed_by=by, changed_at=at)
    if before is None:
        return insert(answer_table).values(**key, **current), revision
    matching = (answer_table.c[name] == value for name, value in key.items())
    return update(answer_table).where(*matching).values(**current), revision


def _content(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"value": None, "status": CLEARED, "provenance": None, "note": None}
    return {
        "value": answer.value,
        "status": answer.status.value,
        "provenance": answer.provenance.as_dict() if answer.provenance else None,
        "note": answer.note,
    }
