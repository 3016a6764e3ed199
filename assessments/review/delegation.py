"""Absence: a role is held by a named person for somebody else, for a time and for a reason.

Only one's own role can be delegated, or by an administrator on behalf of whoever is absent; a delegate
cannot delegate further. A delegated role counts only while the absent person holds it
(``records.permissions``), and what a delegate does counts for both (``parts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.questionnaire.current import contributors_of
from assessments.records.actor import Actor
from assessments.records.people import DEFAULT_VALIDITY, find_person
from assessments.records.permissions import EVERYWHERE
from assessments.records.store import Change, Event, Records
from assessments.records.tables import assessment, contributor, role_grant
from assessments.review.lifecycle import WRITABLE
from assessments.review.parts import check_part, remember_delegate
from assessments.review.seats import REVIEWED, list_seats, replace_seat

DELEGABLE = ("author", "reviewer", "dpo", "approver")


@dataclass(frozen=True, slots=True)
class Delegation:
    """A role that somebody holds for an absent person; both days are moments in UTC."""

    grant_id: str
    role: str
    scope: str
    absent: str
    delegate: str
    valid_from: datetime
    valid_to: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over; kept are assessments in which the delegate has played another part."""

    grants: tuple[str, ...]
    assessments: tuple[str, ...]
    kept: tuple[str, ...]


def delegate_role(
    records: Records,
    actor: Actor,
    role: str,
    delegate: str,
    until: datetime,
    reason: str,
    *,
    absent: str | None = None,
    since: datetime | None = None,
    scope: str = EVERYWHERE,
) -> str:
    """Let somebody hold a role for an absent person, by default for whoever acts; returns the grant."""
    with records.change(actor) as change:
        who = absent or actor.person_id
        _check_period(change, delegate, who, since or change.now, until, reason)
        return _delegate(change, role, who, delegate, since or change.now, until, reason, scope)


def hand_over(
    records: Records,
    actor: Actor,
    delegate: str,
    until: datetime,
    reason: str,
    *,
    absent: str | None = None,
) -> HandOver:
    """Delegate every role of an absent person, and hand over seats and drafts that are open."""
    with records.change(actor) as change:
        who = absent or actor.person_id
        _check_period(change, delegate, who, change.now, until, reason)
        grants = tuple(
            _delegate(change, row["role"], who, delegate, change.now,
                      min(until, row["valid_to"]), reason, row["scope"])
            for row in _own_grants(change, who)
            if row["role"] in DELEGABLE
        )  # fmt: skip
        moved, kept = _hand_over_work(change, who, delegate)
        change.apply(
            Event("work.handed_over", "person", who, _permission(change, who), EVERYWHERE,
                  {"to": delegate, "assessments": moved, "kept": kept}, {"reason": reason.strip()})
        )  # fmt: skip
        return HandOver(grants, tuple(moved), tuple(kept))


def end_delegation(records: Records, actor: Actor, grant_id: str) -> None:
    """The absent person is back: the delegated role ends now."""
    with records.change(actor) as change:
        row = change.connection.execute(
            select(role_grant).where(
                role_grant.c.id == grant_id, role_grant.c.acting_for.is_not(None)
            )
        ).mappings().first()  # fmt: skip
        if row is None:
            raise NotFound(f"There is no delegation {grant_id[:40]}", field="grant")
        if row["valid_to"] <= change.now:
            raise NotPossibleNow("The delegation has ended already")
        change.apply(
            Event("role.returned", "person", row["person_id"],
                  _permission(change, row["acting_for"]), EVERYWHERE,
                  {"grant": grant_id, "role": row["role"], "acting_for": row["acting_for"]}),
            update(role_grant).where(role_grant.c.id == grant_id).values(valid_to=change.now),
        )  # fmt: skip


def list_delegations(
    connection: Connection, now: datetime, person_id: str | None = None
) -> list[Delegation]:
    """Delegations that count now or will, of everybody or of one person on either side."""
    query = select(role_grant).where(
        role_grant.c.acting_for.is_not(None), role_grant.c.valid_to > now
    )
    if person_id is not None:
        query = query.where(
            (role_grant.c.acting_for == person_id) | (role_grant.c.person_id == person_id)
        )
    return [
        Delegation(
            row.id, row.role, row.scope, row.acting_for, row.person_id, row.valid_from,
            row.valid_to, row.reason,
        )
        for row in connection.execute(query.order_by(role_grant.c.valid_from, role_grant.c.id))
    ]  # fmt: skip


def _delegate(
    change: Change,
    role: str,
    absent: str,
    delegate: str,
    since: datetime,
    until: datetime,
    reason: str,
    scope: str,
) -> str:
    if role not in DELEGABLE:
        raise BadInput(
            f"The role {role[:40]} cannot be delegated", f"Roles are: {', '.join(DELEGABLE)}.",
            field="role",
        )  # fmt: skip
    if not any(_covers(row, role, scope) for row in _own_grants(change, absent)):
        raise NotPermitted(
            "Only a role that the person holds can be delegated",
            "A delegate cannot pass a role on.",
            field="role",
        )
    grant_id = f"role-{uuid4().hex[:12]}"
    change.apply(
        Event("role.delegated", "person", delegate, _permission(change, absent), EVERYWHERE,
              {"role": role, "scope": scope, "valid_from": since.isoformat(),
               "valid_to": until.isoformat(), "acting_for": absent}, {"reason": reason.strip()}),
        insert(role_grant).values(
            id=grant_id, person_id=delegate, role=role, scope=scope, valid_from=since,
            valid_to=until, granted_by=change.actor.person_id, reason=reason.strip(),
            acting_for=absent),
    )  # fmt: skip
    return grant_id


def _own_grants(change: Change, person_id: str) -> list[RowMapping]:
    rows = change.connection.execute(
        select(role_grant).where(
            role_grant.c.person_id == person_id,
            role_grant.c.acting_for.is_(None),
            role_grant.c.valid_from <= change.now,
            role_grant.c.valid_to > change.now,
        )
    )
    return list(rows.mappings())


def _covers(row: RowMapping, role: str, scope: str) -> bool:
    return row["role"] == role and row["scope"] in {EVERYWHERE, scope}


def _permission(change: Change, absent: str) -> str:
    """Everybody delegates their own roles; those of somebody else only an administrator."""
    return "role.delegate" if change.actor.person_id == absent else "people.manage"


def _check_period(
    change: Change, delegate: str, absent: str, since: datetime, until: datetime, reason: str
) -> None:
    if not reason.strip():
        raise BadInput("A delegation needs a reason", field="reason")
    if delegate == absent:
        raise BadInput("Nobody stands in for themselves", field="delegate")
    find_person(change.connection, delegate)
    if not since < until <= since + DEFAULT_VALIDITY or until <= change.now:
        raise BadInput(
            "Say until when", "A delegation ends after it begins and within a year.", field="until"
        )


def _hand_over_work(change: Change, absent: str, delegate: str) -> tuple[list[str], list[str]]:
    """Open seats and drafts, each where the delegate is free to take them."""
    moved, kept = [], []
    rows = change.connection.execute(
        select(assessment).where(assessment.c.state.in_(REVIEWED)).order_by(assessment.c.id)
    ).mappings().all()  # fmt: skip
    for row in rows:
        try:
            is_moved = _hand_over_one(change, row, absent, delegate)
        except NotPermitted:
            kept.append(row["id"])
            continue
        if is_moved:
            moved.append(row["id"])
    return moved, kept


def _hand_over_one(change: Change, row: RowMapping, absent: str, delegate: str) -> bool:
    assessment_id = row["id"]
    for seat in list_seats(change.connection, assessment_id):
        if seat.reviewer_id == absent:
            replace_seat(change, row, seat, delegate)
            return True
    writers = {row["author_id"], *contributors_of(change.connection, assessment_id)}
    if row["state"] not in WRITABLE or absent not in writers or delegate in writers:
        return False
    check_part(change.connection, assessment_id, delegate, "author")
    change.connection.execute(
        insert(contributor).values(assessment_id=assessment_id, person_id=delegate)
    )
    remember_delegate(change, assessment_id, "author", delegate, absent)
    return True
