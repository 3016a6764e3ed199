"""Who answered what when: every revision of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from assessments.questionnaire.answers import Answer
from assessments.questionnaire.stored import to_answer
from assessments.records.store import Records
from assessments.records.tables import answer_revision


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of one answer; answer is None where it was cleared."""

    question_id: str
    version: int
    answer: Answer | None
    by: str
    at: datetime


def history(records: Records, assessment_id: str, question_id: str) -> list[Revision]:
    """Every revision of an answer, oldest first."""
    with records.read() as connection:
        return revisions_in(connection, assessment_id, question_id)


def revisions_in(
    connection: Connection, assessment_id: str, question_id: str | None = None
) -> list[Revision]:
    """Revisions of one answer or of all, oldest first."""
    query = select(answer_revision).where(answer_revision.c.assessment_id == assessment_id)
    if question_id is not None:
        query = query.where(answer_revision.c.question_id == question_id)
    rows = connection.execute(query.order_by(answer_revision.c.id)).mappings()
    return [_revision(row) for row in rows]


def _revision(row: RowMapping) -> Revision:
    return Revision(
        row["question_id"], row["version"], to_answer(row), row["changed_by"], row["changed_at"]
    )
