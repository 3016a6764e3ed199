"""A field in which personal data was found that nobody declared: to be put right, or not personal after all.

To put it right is an action with an owner and a day. To say that it is not personal data is an action
that was dropped with that reason, by somebody else than whoever answers for the dataset; it closes this
finding, and not another category that is found in the field later (GDPR Art. 5(2)).
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from assessments.actions.action import Action, NewAction, Origin, Status
from assessments.actions.adding import add_action, check_field
from assessments.actions.closing import drop_action
from assessments.actions.reading import list_actions
from assessments.errors import BadInput, NotPermitted, NotPossibleNow
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE
from assessments.records.store import Records


def promise_field(
    records: Records, actor: Actor, ref: str, owner_id: str, due_on: date, project_id: str = ""
) -> Action:
    """Have somebody declare or remove what was found; one open action a finding."""
    check_field(ref)
    if find_open(records, ref) is not None:
        raise NotPossibleNow("There is an open action about this finding", field="finding")
    return add_action(records, actor, _new(ref, owner_id, due_on, project_id))


def dismiss_field(
    records: Records, actor: Actor, ref: str, owner_id: str, reason: str, project_id: str = ""
) -> Action:
    """Close the finding as no personal data, because of a reason; whoever answers for it cannot."""
    check_field(ref)
    if not reason.strip():
        raise BadInput("Say why it is not personal data", field="reason")
    standing = find_open(records, ref)
    if (standing.owner_id if standing else owner_id) == actor.person_id:
        raise NotPermitted(
            "Whoever answers for a dataset cannot dismiss what was found in it",
            "Ask the privacy office or the approver.",
            field="owner",
        )
    today = datetime.now(UTC).date()
    found = standing or add_action(records, actor, _new(ref, owner_id, today, project_id))
    return drop_action(records, actor, found.id, reason)


def find_open(records: Records, ref: str) -> Action | None:
    """The open action about a finding."""
    with records.read() as connection:
        found = about_fields(connection).get(ref)
    return found if found and found.status is Status.OPEN else None


def about_fields(connection: Connection) -> dict[str, Action]:
    """The newest action about each finding, by what names the finding."""
    found = [item for item in list_actions(connection) if item.origin is Origin.FIELD]
    return {item.origin_ref: item for item in sorted(found, key=lambda item: item.added_at)}


def _new(ref: str, owner_id: str, due_on: date, project_id: str) -> NewAction:
    field, _, category = ref.rpartition(":")
    text = (
        f"Declare the category {category} of {field}, remove it, or say why it is not personal data"
    )
    return NewAction(text, owner_id, due_on, project_id or EVERYWHERE, None, Origin.FIELD, ref)
