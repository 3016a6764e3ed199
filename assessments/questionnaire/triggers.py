"""Review triggers: a source behind an approved assessment says something else now.

GDPR Art. 35(11) asks for a review at least when the risk changes; WP248 rev.01, section III.C calls
it continuous. Each changed fact is logged once for each assessment that rests on it; a source row
that changed where no answer looks makes the answer stale, but is no trigger. A trigger stays open until a reviewer or the data protection officer says what came of it, a new assessment is
approved, or the source says again what it said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.language import sentence
from assessments.questionnaire.changes import SourceChange, source_changes
from assessments.questionnaire.current import find_assessment, load_in
from assessments.questionnaire.history import revisions_in
from assessments.questionnaire.prefill import FactSource
from assessments.questionnaire.tables import review_trigger
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import assessment
from assessments.review.lifecycle import VALID_APPROVALS
from assessments.review.parts import played_parts

RESTORED = sentence("The source says again what it said when the answer was made.")
REPLACED = sentence("The source changed once more.")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One changed fact behind one approved assessment; sha256_now is empty when it fell silent."""

    id: str
    assessment_id: str
    question_id: str
    source: str
    sha256_then: str
    sha256_now: str
    found_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closing_note: str | None


def find_triggers(records: Records, actor: Actor, facts: FactSource) -> list[Trigger]:
    """Compare every standing approval with the facts of today; returns what is new."""
    with records.read() as connection:
        standing = [load_in(connection, name) for name in standing_approvals(connection)]
        past = {found.id: revisions_in(connection, found.id) for found in standing}
    stale = {
        found.id: {
            item.question.id: item
            for item in source_changes(found, past[found.id], facts)
            if item.is_news
        }
        for found in standing
    }
    scopes = {found.id: found.project_id for found in standing}
    with records.change(actor) as change:
        for trigger in list_triggers(change.connection, is_open=True):
            if trigger.assessment_id in stale:
                _lapse(change, trigger, scopes[trigger.assessment_id], stale[trigger.assessment_id])
        return [
            made
            for name, items in stale.items()
            for item in items.values()
            if (made := _raise(change, name, scopes[name], item)) is not None
        ]


def standing_approvals(
    connection: Connection, project: str | None = None, templates: Collection[str] = ()
) -> list[str]:
    """The newest approved assessment of each kind and project; older ones it has replaced."""
    query = select(assessment).where(assessment.c.state.in_(VALID_APPROVALS))
    if project is not None:
        query = query.where(assessment.c.project_id == project)
    if templates:
        query = query.where(assessment.c.template_id.in_(templates))
    newest: dict[tuple[str, str], str] = {}
    for row in connection.execute(query.order_by(assessment.c.decided_at, assessment.c.id)):
        newest[row.project_id, row.template_id] = row.id
    return list(newest.values())


def list_triggers(
    connection: Connection, assessment_id: str | None = None, *, is_open: bool = False
) -> list[Trigger]:
    """Triggers, oldest first; those of one assessment, or only the open ones."""
    query = select(review_trigger).order_by(review_trigger.c.found_at, review_trigger.c.id)
    if assessment_id is not None:
        query = query.where(review_trigger.c.assessment_id == assessment_id)
    if is_open:
        query = query.where(review_trigger.c.closed_at.is_(None))
    return [Trigger(**row) for row in connection.execute(query).mappings()]


def open_triggers(
    connection: Connection, project: str, templates: Collection[str]
) -> list[Trigger]:
    """The open triggers of what is approved for a project now, of these kinds of assessment."""
    standing = set(standing_approvals(connection, project, templates))
    found = list_triggers(connection, is_open=True)
    return [trigger for trigger in found if trigger.assessment_id in standing]


def close_trigger(records: Records, actor: Actor, trigger_id: str, note: str) -> None:
    """Say what came of a trigger; whoever wrote the assessment cannot."""
    said = note.strip()
    if not said:
        raise BadInput(
            "Say what came of it",
            "For example why the risk is the same, or which assessment looks at it.",
            field="note",
        )
    with records.change(actor) as change:
        found = _find(change.connection, trigger_id)
        if found.closed_at is not None:
            raise NotPossibleNow("The trigger is closed already", field="trigger")
        row = find_assessment(change.connection, found.assessment_id)
        if "author" in played_parts(change.connection, found.assessment_id, actor.person_id):
            raise NotPermitted(
                "You wrote this assessment",
                "A reviewer or the data protection officer says what came of the trigger.",
                field="trigger",
            )
        _close(change, found, row["project_id"], "trigger.close", said)


def _raise(change: Change, assessment_id: str, scope: str, stale: SourceChange) -> Trigger | None:
    then, now = stale.answer.provenance, _digest(stale)
    if then is None or _is_known(change.connection, assessment_id, stale.question.id, now):
        return None
    made = Trigger(
        id=f"trig-{uuid4().hex[:12]}",
        assessment_id=assessment_id,
        question_id=stale.question.id,
        source=then.source,
        sha256_then=then.sha256,
        sha256_now=now,
        found_at=change.now,
        closed_at=None,
        closed_by=None,
        closing_note=None,
    )
    facts = {"trigger": made.id, "question": made.question_id}
    change.apply(
        Event("review.triggered", "assessment", assessment_id, "review.trigger", scope, facts,
              {"source": made.source, "then": made.sha256_then, "now": made.sha256_now}),
        insert(review_trigger).values(**asdict(made)),
    )  # fmt: skip
    return made


def _digest(stale: SourceChange) -> str:
    """The digest of what the source says now; empty when it says nothing."""
    now = stale.now.provenance if stale.now else None
    return now.sha256 if now else ""


def _is_known(connection: Connection, assessment_id: str, question_id: str, digest: str) -> bool:
    """Whether this fact is open already, or a person has said what came of it."""
    rows = connection.execute(
        select(review_trigger.c.closed_at, review_trigger.c.closing_note).where(
            review_trigger.c.assessment_id == assessment_id,
            review_trigger.c.question_id == question_id,
            review_trigger.c.sha256_now == digest,
        )
    )
    return any(r.closed_at is None or r.closing_note not in {RESTORED, REPLACED} for r in rows)


def _lapse(change: Change, trigger: Trigger, scope: str, stale: Mapping[str, SourceChange]) -> None:
    """Close a trigger whose fact is not the present one any more."""
    item = stale.get(trigger.question_id)
    if item is None:
        _close(change, trigger, scope, "review.trigger", RESTORED)
        return
    if _digest(item) != trigger.sha256_now:
        _close(change, trigger, scope, "review.trigger", REPLACED)


def _close(change: Change, trigger: Trigger, scope: str, permission: str, note: str) -> None:
    facts = {"trigger": trigger.id, "question": trigger.question_id}
    change.apply(
        Event("review.trigger_closed", "assessment", trigger.assessment_id, permission, scope,
              facts, {"note": note}),
        update(review_trigger).where(review_trigger.c.id == trigger.id).values(
            closed_at=change.now, closed_by=change.actor.person_id, closing_note=note),
    )  # fmt: skip


def _find(connection: Connection, trigger_id: str) -> Trigger:
    row = connection.execute(
        select(review_trigger).where(review_trigger.c.id == trigger_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no review trigger {trigger_id[:40]}", field="trigger")
    return Trigger(**row)
