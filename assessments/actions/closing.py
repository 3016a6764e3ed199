"""How an action ends: done by whoever shows it, or dropped by somebody else than its owner."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from assessments.actions.action import MAX_TEXT, Action, Status
from assessments.actions.reading import find_action
from assessments.actions.tables import action_item
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.evidence import list_reusable
from assessments.records.actor import Actor
from assessments.records.store import Change, Event, Records


def finish_action(
    records: Records, actor: Actor, action_id: str, note: str = "", evidence: str | None = None
) -> Action:
    """Close an action as done, with a note or a file that shows it."""
    said = note.strip()[:MAX_TEXT]
    if not said and not evidence:
        raise BadInput(
            "Say how it was done",
            "A note, or a file among the evidence that shows it.",
            field="note",
        )
    with records.change(actor) as change:
        found = _open_action(change, action_id)
        if evidence:
            check_usable(change, evidence)
        return _close(change, found, Status.DONE, "action.close", said, evidence)


def drop_action(records: Records, actor: Actor, action_id: str, reason: str) -> Action:
    """Give an action up; its owner cannot free themselves of it."""
    said = reason.strip()[:MAX_TEXT]
    if not said:
        raise BadInput("Say why it is dropped", field="reason")
    with records.change(actor) as change:
        found = _open_action(change, action_id)
        if found.owner_id == actor.person_id:
            raise NotPermitted(
                "The owner of an action cannot drop it",
                "Ask the privacy office or the approver.",
                field="owner",
            )
        return _close(change, found, Status.DROPPED, "action.drop", said, None)


def check_usable(change: Change, digest: str) -> None:
    """Raise BadInput for a file that is not kept, or that whoever acts may not read."""
    if digest not in list_reusable(change.connection, change.actor):
        raise BadInput(
            f"There is no evidence {digest[:12]} that you may use",
            "Add the file first: privacy evidence add.",
            field="evidence",
        )


def _open_action(change: Change, action_id: str) -> Action:
    found = find_action(change.connection, action_id)
    if found.status is not Status.OPEN:
        raise NotPossibleNow(f"The action is {found.status.value} already", field="action")
    return found


def _close(
    change: Change,
    found: Action,
    status: Status,
    permission: str,
    note: str,
    evidence: str | None,
) -> Action:
    facts: dict[str, Any] = {"assessment": found.assessment_id, "evidence": evidence}
    change.apply(
        Event(f"action.{status.value}", "action", found.id, permission, found.project_id, facts,
              {"note": note}),
        update(action_item).where(action_item.c.id == found.id).values(
            status=status.value, closed_by=change.actor.person_id, closed_at=change.now,
            closing_note=note, evidence_sha256=evidence),
    )  # fmt: skip
    return find_action(change.connection, found.id)
