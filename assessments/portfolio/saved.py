"""Filters that a person saved under a name; nobody else sees them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from assessments.errors import BadInput, NotFound
from assessments.portfolio.filter import Filter
from assessments.portfolio.tables import saved_filter
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE, has_permission
from assessments.records.store import Change, Event, Records
from assessments.records.tables import role_grant

MAX_NAME = 80
MOST = 50


def list_filters(connection: Connection, person_id: str) -> dict[str, Filter]:
    """The person's filters by name."""
    rows = connection.execute(
        select(saved_filter)
        .where(saved_filter.c.person_id == person_id)
        .order_by(saved_filter.c.name)
    )
    return {row.name: Filter.from_values(row.filter) for row in rows}


def save_filter(records: Records, actor: Actor, name: str, wanted: Filter) -> None:
    """Keep a filter under a name, in the place of an earlier one of that name."""
    said = name.strip()
    if not 0 < len(said) <= MAX_NAME:
        raise BadInput(f"Name the filter in 1 to {MAX_NAME} characters", field="name")
    with records.change(actor) as change:
        known = list_filters(change.connection, actor.person_id)
        if said not in known and len(known) >= MOST:
            raise BadInput(f"You have {MOST} filters already", "Delete one first.", field="name")
        change.apply(
            Event("filter.saved", "filter", actor.person_id, "filter.save", _scope(change),
                  private={"name": said, "filter": wanted.as_values()}),
            delete(saved_filter).where(*_key(actor, said)),
            insert(saved_filter).values(
                person_id=actor.person_id, name=said, filter=wanted.as_values(),
                saved_at=change.now),
        )  # fmt: skip


def delete_filter(records: Records, actor: Actor, name: str) -> None:
    """Forget a filter."""
    with records.change(actor) as change:
        if name not in list_filters(change.connection, actor.person_id):
            raise NotFound("You have no filter of that name", field="name")
        change.apply(
            Event("filter.deleted", "filter", actor.person_id, "filter.save", _scope(change),
                  private={"name": name}),
            delete(saved_filter).where(*_key(actor, name)),
        )  # fmt: skip


def _key(actor: Actor, name: str) -> tuple[ColumnElement[bool], ...]:
    return (saved_filter.c.person_id == actor.person_id, saved_filter.c.name == name)


def _scope(change: Change) -> str:
    """Where this person has a role, which may be one project only."""
    scopes = change.connection.execute(
        select(role_grant.c.scope).where(role_grant.c.person_id == change.actor.person_id)
    ).scalars()
    for scope in sorted(scopes):
        if has_permission(change.connection, change.actor, "filter.save", scope, change.now):
            return scope
    return EVERYWHERE
