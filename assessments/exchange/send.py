"""Writing an assessment in a foreign format, for whoever may read it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from assessments.errors import BadInput
from assessments.exchange.formats import find_format, writable
from assessments.exchange.frame import Subject
from assessments.exchange.loss import Exported
from assessments.exchange.originals import find_original
from assessments.questionnaire import load_in
from assessments.questionnaire.current import find_assessment
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Event, Records
from assessments.records.tables import frozen, person
from assessments.review.lifecycle import DECIDED
from assessments.review.snapshot import describe


def export(records: Records, actor: Actor, assessment_id: str, format_name: str) -> Exported:
    """The assessment in a foreign format with its loss report. Permission: assessment.read.

    That it left the house is an event of the ledger.
    """
    chosen = find_format(format_name)
    if chosen.write is None:
        known = ", ".join(f.name for f in writable())
        raise BadInput(
            f"{chosen.title} can be read, not written", f"Can be written: {known}.", field="format"
        )
    with records.read() as connection:
        scope = find_assessment(connection, assessment_id)["project_id"]
        check_permission(connection, actor, "assessment.read", scope)
        subject = subject_of(connection, assessment_id)
    made = chosen.write(subject)
    with records.change(actor) as change:
        change.apply(
            Event(
                action="exchange.exported",
                kind="assessment",
                id=assessment_id,
                permission="assessment.read",
                scope=scope,
                facts={"format": chosen.name, "losses": len(made.losses)},
            )
        )
    return made


def subject_of(connection: Connection, assessment_id: str) -> Subject:
    """An assessment with everything that a format may want to write."""
    found = load_in(connection, assessment_id)
    people = {row.id: row.name for row in connection.execute(select(person.c.id, person.c.name))}

    def names(kind: str, object_id: str) -> str:
        return people.get(object_id, object_id) if kind == "person" else object_id

    return Subject(
        assessment=found,
        record=describe(connection, assessment_id, 0, datetime.now(UTC)),
        original=find_original(connection, assessment_id),
        names=names,
        frozen=_frozen(connection, assessment_id, found.state),
    )


def _frozen(connection: Connection, assessment_id: str, state: str) -> bytes | None:
    """The frozen record, unless a later revision is being worked on."""
    row = connection.execute(
        select(frozen.c.record)
        .where(frozen.c.assessment_id == assessment_id)
        .order_by(frozen.c.revision.desc())
    ).first()
    return bytes(row.record) if row is not None and state in DECIDED else None
