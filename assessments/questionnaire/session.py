"""The use cases of answering: save, confirm, clear, undo, refresh.

Only the author and the contributors that the author named may write, and only while the assessment
is a draft or returned. Saving what is there already writes nothing, so pages may save as often as
they like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import RowMapping, insert, update
from sqlalchemy.sql.base import Executable

from assessments.errors import Conflict, NotPermitted, NotPossibleNow
from assessments.evidence import uses
from assessments.questionnaire import stored
from assessments.questionnaire.answers import Answer, Origin, Status
from assessments.questionnaire.check import check_answer
from assessments.questionnaire.current import (
    contributors_of,
    find_assessment,
    load,
    template_in,
)
from assessments.questionnaire.groups import expand, is_register
from assessments.questionnaire.history import revisions_in
from assessments.questionnaire.prefill import FactSource, stale_answers
from assessments.questionnaire.stored import StoredAnswer
from assessments.questionnaire.template import Question, Template, Type
from assessments.questionnaire.view import newly_hidden
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import assessment, contributor
from assessments.review.lifecycle import WRITABLE


class AnswerConflict(Conflict):
    """Somebody else saved another answer meanwhile; carries both, for a page that lets one choose."""

    def __init__(self, question_id: str, mine: Answer | None, theirs: StoredAnswer | None) -> None:
        super().__init__(
            "Somebody else answered this question meanwhile",
            "Compare both answers and save the one that should stand. Nothing was overwritten.",
            field=question_id,
            where={"version": theirs.version if theirs else 0},
        )
        self.mine = mine
        self.theirs = theirs.answer if theirs else None
        self.version = theirs.version if theirs else 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did; set_aside are questions whose answers it just hid."""

    answer: Answer | None
    version: int
    is_changed: bool
    set_aside: tuple[Question, ...] = ()


def save_answer(
    records: Records,
    actor: Actor,
    assessment_id: str,
    question_id: str,
    raw: Any,
    *,
    status: Status = Status.ANSWERED,
    note: str | None = None,
    expected_version: int | None = None,
) -> Saved:
    """Save one answer. ``expected_version`` is the version that the page showed (0: none).

    Saving the value that a source gave confirms it.
    """

    def decide(question: Question, before: Answer | None) -> Answer:
        made = check_answer(question, raw, status=status, note=note, previous=before)
        return replace(made, provenance=_origin_of(question, made, before))

    return _change(records, actor, assessment_id, question_id, "saved", decide, expected_version)


def _origin_of(question: Question, made: Answer, before: Answer | None) -> Any:
    """A confirmed value keeps its source; an edited table or list does too; another value has none."""
    if before is None or before.provenance is None or made.status is not Status.ANSWERED:
        return None
    if made.value == before.value:
        kept = before.provenance.origin is Origin.ADJUSTED
        return replace(before.provenance, origin=Origin.ADJUSTED if kept else Origin.CONFIRMED)
    if question.type is Type.TABLE or isinstance(made.value, list):
        return replace(before.provenance, origin=Origin.ADJUSTED)
    return None


def confirm_prefill(
    records: Records, actor: Actor, assessment_id: str, *question_ids: str
) -> list[Saved]:
    """Stand behind values that came from a source."""

    def decide(question: Question, before: Answer | None) -> Answer:
        if before is None or before.provenance is None:
            raise NotPossibleNow("There is no prefilled answer to confirm", field=question.id)
        return replace(before, provenance=_origin_of(question, before, before))

    return [
        _change(records, actor, assessment_id, question_id, "confirmed", decide)
        for question_id in question_ids
    ]


def clear_answer(
    records: Records,
    actor: Actor,
    assessment_id: str,
    question_id: str,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Take an answer away; its history stays."""
    return _change(
        records, actor, assessment_id, question_id, "cleared", lambda *_: None, expected_version
    )


def undo(records: Records, actor: Actor, assessment_id: str, question_id: str) -> Saved:
    """Put the previous revision back, as a new revision; undoing twice puts it forward again."""
    with records.read() as connection:
        revisions = revisions_in(connection, assessment_id, question_id)
    if not revisions:
        raise NotPossibleNow("There is nothing to undo", field=question_id)
    earlier = revisions[-2].answer if len(revisions) > 1 else None
    return _change(
        records,
        actor,
        assessment_id,
        question_id,
        "undone",
        lambda *_: earlier,
        revisions[-1].version,
    )


def refresh_prefill(
    records: Records,
    actor: Actor,
    assessment_id: str,
    facts: FactSource,
    question_ids: Iterable[str] | None = None,
) -> list[Saved]:
    """Take the present facts over for stale answers (all of them, or those named)."""
    found = load(records, assessment_id)
    wanted = None if question_ids is None else set(question_ids)
    return [
        _change(
            records,
            actor,
            assessment_id,
            stale.question_id,
            "refreshed",
            lambda *_, current=stale.current: current,
            found.versions[stale.question_id],
        )
        for stale in stale_answers(found.template, found.answers, facts, found.subject)
        if wanted is None or stale.question_id in wanted
    ]


def add_contributor(records: Records, actor: Actor, assessment_id: str, person_id: str) -> None:
    """Let another person write too; only the author decides that."""
    with records.change(actor) as change:
        row = find_assessment(change.connection, assessment_id)
        if row["author_id"] != actor.person_id:
            raise NotPermitted("Only the author names contributors", field="contributor")
        if person_id in {row["author_id"], *contributors_of(change.connection, assessment_id)}:
            return
        change.apply(
            Event(
                action="contributor.added",
                kind="assessment",
                id=assessment_id,
                permission="assessment.write",
                scope=row["project_id"],
                facts={"person": person_id},
            ),
            insert(contributor).values(assessment_id=assessment_id, person_id=person_id),
        )


def _change(
    records: Records,
    actor: Actor,
    assessment_id: str,
    question_id: str,
    verb: str,
    decide: Callable[[Question, Answer | None], Answer | None],
    expected_version: int | None = None,
) -> Saved:
    with records.change(actor) as change:
        row = check_writable(change, assessment_id)
        template = template_in(change.connection, row)
        question = template.question(question_id)
        before = stored.read_one(change.connection, assessment_id, question_id)
        current = before.answer if before else None
        made = decide(question, current)
        if made == current:
            return Saved(current, before.version if before else 0, is_changed=False)
        if expected_version not in (None, before.version if before else 0):
            raise AnswerConflict(question_id, made, before)
        _write(change, row, question, made, before, verb)
        hidden: tuple[Question, ...] = ()
        if question_id in template.switches:
            hidden = _newly_set_aside(change, assessment_id, template, question_id, current)
        return Saved(made, before.version + 1 if before else 1, True, hidden)


def _using(
    change: Change, assessment_id: str, question: Question, files: frozenset[str]
) -> Iterable[Executable]:
    """What notes the files of an answer; most questions take none, in a cell or as a whole."""
    if Type.FILE not in {question.type, *(column.type for column in question.columns)}:
        return ()
    return uses.writing(change.connection, change.actor, assessment_id, question.id, files)


def files_of(question: Question, answer: Answer | None) -> frozenset[str]:
    """The digests of the evidence that an answer rests on, those in cells included."""
    if answer is None or answer.status is not Status.ANSWERED:
        return frozenset()
    if question.type is Type.FILE:
        return frozenset(answer.value)
    columns = [column.id for column in question.columns if column.type is Type.FILE]
    rows = answer.value if columns else []
    return frozenset(digest for row in rows for name in columns for digest in row.get(name) or [])


def _newly_set_aside(
    change: Change, assessment_id: str, template: Template, question_id: str, old: Answer | None
) -> tuple[Question, ...]:
    found = stored.read_all(change.connection, assessment_id)
    after = {name: item.answer for name, item in found.items() if item.answer is not None}
    before = {name: answer for name, answer in after.items() if name != question_id}
    before |= {question_id: old} if old is not None else {}
    if is_register(template.question(question_id)):
        template = expand(template, after, found)
    return tuple(newly_hidden(template, before, after))


def _write(
    change: Change,
    row: RowMapping,
    question: Question,
    made: Answer | None,
    before: StoredAnswer | None,
    verb: str,
) -> None:
    files = files_of(question, made)
    change.apply(
        Event(
            action=f"answer.{verb}",
            kind="assessment",
            id=row["id"],
            permission="assessment.write",
            scope=row["project_id"],
            facts={
                "question": question.id,
                "version": before.version + 1 if before else 1,
                "status": made.status.value if made else stored.CLEARED,
            }
            | ({"evidence": sorted(files)} if files else {}),
            private={"value": made.value, "note": made.note} if made else None,
        ),
        *stored.writing(row["id"], question.id, made, before, change.actor.person_id, change.now),
        *_using(change, row["id"], question, files),
        update(assessment).where(assessment.c.id == row["id"]).values(updated_at=change.now),
    )


def check_writable(change: Change, assessment_id: str) -> RowMapping:
    """The assessment's row, when this person may change its answers now."""
    row = find_assessment(change.connection, assessment_id)
    writers = {row["author_id"], *contributors_of(change.connection, assessment_id)}
    if change.actor.person_id not in writers:
        raise NotPermitted(
            "Only the author and named contributors may change answers",
            "Ask the author to add you.",
            field="author",
        )
    if row["state"] not in WRITABLE:
        raise NotPossibleNow(
            "The answers cannot be changed now",
            f"The assessment is {row['state'].replace('_', ' ')}. It must be returned first.",
        )
    return row
