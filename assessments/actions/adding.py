"""Adding an action: to a project, or to what an assessment says needs doing."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from assessments.actions.action import MAX_TEXT, Action, NewAction, Origin, Status
from assessments.actions.reading import find_action
from assessments.actions.tables import action_item
from assessments.errors import BadInput
from assessments.questionnaire import judge, load_in
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records
from assessments.records.tables import condition, person
from assessments.risk.record import record_measures, record_risks

_FIELD = re.compile(r"[^\s.:]{1,80}\.[^\n]{1,200}:[a-z_]{1,40}")


def add_action(records: Records, actor: Actor, new: NewAction) -> Action:
    """Keep an action with its owner and day."""
    _check_words(new)
    with records.change(actor) as change:
        placed = _placed(change, new)
        if placed.due_on < change.now.date():
            raise BadInput("The day is past", "Name a day on which it can be done.", field="due_on")
        _check_owner(change.connection, placed.owner_id)
        action_id = f"act-{uuid4().hex[:12]}"
        facts = {
            "assessment": placed.assessment_id,
            "origin": placed.origin.value,
            "due_on": placed.due_on.isoformat(),
        }
        change.apply(
            Event("action.added", "action", action_id, "action.add", placed.project_id, facts,
                  {"text": placed.text, "owner": placed.owner_id}),
            insert(action_item).values(
                id=action_id, project_id=placed.project_id, assessment_id=placed.assessment_id,
                origin=placed.origin.value, origin_ref=placed.origin_ref, text=placed.text,
                owner_id=placed.owner_id, due_on=placed.due_on, status=Status.OPEN.value,
                added_by=actor.person_id, added_at=change.now),
        )  # fmt: skip
        return find_action(change.connection, action_id)


def origins_of(connection: Connection, assessment_id: str, origin: Origin) -> dict[str, str]:
    """What an action may come from in an assessment: its number or id, and how it is called."""
    found = load_in(connection, assessment_id)
    match origin:
        case Origin.RISK:
            return {r["id"]: r["title"] for r in record_risks(found.template, found.answers)}
        case Origin.MEASURE:
            return {m["id"]: m["title"] for m in record_measures(found.template, found.answers)}
        case Origin.FINDING:
            judged = judge(found.template, found.answers, found.deviations)
            return {item.finding.rule: item.finding.text for item in judged}
        case Origin.CONDITION:
            rows = connection.execute(
                select(condition.c.id, condition.c.text).where(
                    condition.c.assessment_id == assessment_id
                )
            )
            return {row.id: row.text for row in rows}
        case Origin.FREE | Origin.FIELD:
            return {}


def _check_words(new: NewAction) -> None:
    if not new.text.strip():
        raise BadInput("Say what is to be done", field="text")
    if len(new.text) > MAX_TEXT:
        raise BadInput(f"At most {MAX_TEXT} characters", field="text")
    if not new.assessment_id and not new.project_id:
        raise BadInput("Name the assessment or the project", field="project")
    if new.origin is Origin.FIELD:
        check_field(new.origin_ref)
    elif new.origin is not Origin.FREE and not (new.assessment_id and new.origin_ref):
        raise BadInput(
            f"Name the assessment and its {new.origin.value}",
            "An action that belongs to neither is a free one.",
            field="origin",
        )


def check_field(ref: str) -> None:
    """Raise BadInput unless a field is named with its dataset and the category that was found."""
    if not _FIELD.fullmatch(ref):
        raise BadInput(
            "Name the dataset, the field and what was found in it",
            "Such as d-crm.note:contact.",
            field="origin",
        )


def _placed(change: Change, new: NewAction) -> NewAction:
    """The action in the project of its assessment, which must have what it comes from."""
    placed = replace(new, text=new.text.strip())
    if new.assessment_id is None:
        return placed
    scope = load_in(change.connection, new.assessment_id).project_id
    if new.project_id and new.project_id != scope:
        raise BadInput("The assessment belongs to another project", field="project")
    known = origins_of(change.connection, new.assessment_id, new.origin)
    if new.origin is not Origin.FREE and new.origin_ref not in known:
        raise BadInput(
            f"The assessment has no {new.origin.value} {new.origin_ref[:80]}",
            f"It has: {', '.join(known) or 'none'}.",
            field="origin",
        )
    return replace(placed, project_id=scope)


def _check_owner(connection: Connection, owner_id: str) -> None:
    known = select(person.c.id).where(person.c.id == owner_id, person.c.is_active)
    if connection.execute(known).first() is None:
        raise BadInput(f"There is no person {owner_id[:80]}", field="owner")
