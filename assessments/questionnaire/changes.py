"""What changed since an assessment was decided: its sources, its measured leakage, its successor.

A decided assessment does not change any more. What it rests on may: this module compares the facts
of today with those that the answers were made of, row by row (GDPR Art. 35(11)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from assessments.questionnaire.answers import Answer, Origin
from assessments.questionnaire.compare import Difference, compare_answer, compare_answers
from assessments.questionnaire.current import Assessment, load_in
from assessments.questionnaire.history import Revision, revisions_in
from assessments.questionnaire.prefill import FactSource, StaleAnswer, stale_answers
from assessments.questionnaire.template import Question, Template
from assessments.records.store import Records
from assessments.records.tables import assessment
from assessments.review.lifecycle import DECIDED, State

_LEAKAGE = ("subject", "channel", "measure", "value", "score", "limit", "measured_on")


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A stale answer: what its source said when it was filled, and what it says now.

    difference compares the two; now is None when the source has nothing to say any more.
    """

    question: Question
    answer: Answer
    then: Answer
    now: Answer | None
    difference: Difference

    @property
    def is_news(self) -> bool:
        """Whether the source says something else; a row can change where no answer looks."""
        return not self.then.says_the_same(self.now)


@dataclass(frozen=True, slots=True)
class LeakageChange:
    """A measured result that differs; old or new is None when it came or went."""

    row_id: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None

    def of(self, column: str) -> Any:
        """A cell of the newest row there is."""
        return (self.new or self.old or {}).get(column)


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything at once; successor is the newer assessment of the same kind and project."""

    sources: tuple[SourceChange, ...]
    leakage: tuple[LeakageChange, ...]
    successor: Assessment | None = None
    answers: tuple[Difference, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.sources or self.leakage or self.answers)


def changes_since(records: Records, found: Assessment, facts: FactSource) -> Changes:
    """What the facts say against the answers, and what a successor says instead."""
    with records.read() as connection:
        revisions = revisions_in(connection, found.id)
        successor = _successor(connection, found) if found.state in DECIDED else None
    changed = source_changes(found, revisions, facts)
    return Changes(
        sources=changed,
        leakage=_leakage(found.template, changed),
        successor=successor,
        answers=_differences(found, successor),
    )


def source_changes(
    found: Assessment, revisions: Sequence[Revision], facts: FactSource
) -> tuple[SourceChange, ...]:
    """The stale answers of an assessment, each with what its source said and says."""
    stale = stale_answers(found.template, found.answers, facts, found.subject)
    return tuple(_source_change(found.template, item, revisions) for item in stale)


def _source_change(
    template: Template, stale: StaleAnswer, revisions: Sequence[Revision]
) -> SourceChange:
    question, then = template.question(stale.question_id), _said_then(stale, revisions)
    return SourceChange(
        question=question,
        answer=stale.answer,
        then=then,
        now=stale.current,
        difference=compare_answer(question, question.id, then, stale.current),
    )


def _said_then(stale: StaleAnswer, revisions: Sequence[Revision]) -> Answer:
    """What the source said, from the revision that it filled; a person may have adjusted it since."""
    wanted = stale.answer.provenance
    for revision in reversed(revisions):
        made = revision.answer
        if revision.question_id != stale.question_id or made is None or made.provenance is None:
            continue
        origin = made.provenance
        if origin.origin is Origin.PREFILLED and wanted and origin.sha256 == wanted.sha256:
            return made
    return stale.answer


def _leakage(template: Template, changed: Sequence[SourceChange]) -> tuple[LeakageChange, ...]:
    """The results that differ in what was measured, not in how they are worded."""
    item = next((c for c in changed if c.question.id == template.record.leakage), None)
    if item is None:
        return ()
    before, after = (_rows(answer) for answer in (item.then, item.now))
    return tuple(
        LeakageChange(row_id, before.get(row_id), after.get(row_id))
        for row_id in dict.fromkeys([*before, *after])
        if _measured(before.get(row_id)) != _measured(after.get(row_id))
    )


def _rows(answer: Answer | None) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in (answer.value or [] if answer else [])}


def _measured(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    return None if row is None else tuple(row.get(name) for name in _LEAKAGE)


def _successor(connection: Connection, found: Assessment) -> Assessment | None:
    newest = connection.execute(
        select(assessment.c.id)
        .where(
            assessment.c.project_id == found.project_id,
            assessment.c.template_id == found.template.id,
            assessment.c.id != found.id,
            assessment.c.created_at > found.created_at,
            assessment.c.state != State.WITHDRAWN.value,
        )
        .order_by(assessment.c.created_at.desc())
    ).scalar()
    return None if newest is None else load_in(connection, newest)


def _differences(found: Assessment, successor: Assessment | None) -> tuple[Difference, ...]:
    if successor is None:
        return ()
    return tuple(compare_answers(successor.template, found.answers, successor.answers))
