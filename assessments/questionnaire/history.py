"""Who answered what when: every revision of an answer, and what changed between two moments."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What an answer was at one moment and is at another."""

    question_id: str
    old: Answer | None
    new: Answer | None
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


def diff(
    records: Records, assessment_id: str, since: datetime, until: datetime | None = None
) -> list[AnswerChange]:
    """The answers that differ between two moments, with who changed them last."""
    with records.read() as connection:
        revisions = revisions_in(connection, assessment_id)
    old = _latest(r for r in revisions if r.at <= since)
    new = _latest(r for r in revisions if until is None or r.at <= until)
    return [
        AnswerChange(name, before, revision.answer, revision.by, revision.at)
        for name, revision in new.items()
        if not _is_same(before := old[name].answer if name in old else None, revision.answer)
    ]


def _latest(revisions: Iterable[Revision]) -> dict[str, Revision]:
    return {revision.question_id: revision for revision in revisions}


def _is_same(one: Answer | None, other: Answer | None) -> bool:
    return one.says_the_same(other) if one is not None else other is None
