"""Opening the gate in spite of its reasons: two people, a reason, an end, and a ledger entry.

Accountability (GDPR Art. 5(2), 24(1)): one person asks, an approver who is somebody else grants. An
override covers the reasons that stood when it was asked for; a new reason closes the gate again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, insert, select, update

from assessments.errors import BadInput, NotFound, NotPermitted, NotPossibleNow
from assessments.records.actor import Actor
from assessments.records.permissions import ROLES, principals_of
from assessments.records.store import Change, Event, Records
from assessments.review.clock import add_period
from assessments.review.gate_policy import gate_policy
from assessments.review.tables import gate_override

MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Override:
    """covers: the keys of the reasons that it was asked for; until: its last day."""

    id: str
    project_id: str
    reason: str
    covers: tuple[str, ...]
    until: date
    asked_by: str
    asked_at: datetime
    granted_by: str | None
    granted_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str | None

    def is_in_force(self, today: date) -> bool:
        return self.granted_at is not None and self.ended_at is None and today <= self.until

    def is_waiting(self, today: date) -> bool:
        return self.granted_at is None and self.ended_at is None and today <= self.until

    def standing(self, today: date) -> str:
        """One word for lists."""
        if self.ended_at is not None:
            return "ended"
        if today > self.until:
            return "expired"
        return "in_force" if self.granted_at is not None else "waiting"

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def ask_override(
    records: Records, actor: Actor, project: str, covers: Collection[str], reason: str, until: date
) -> Override:
    """Ask for the gate of a project to be opened until a day; covers: ``Blocker.key`` of its reasons."""
    said = _said(reason)
    if not covers:
        raise NotPossibleNow("The gate is open already", "There is nothing to override.")
    with records.change(actor) as change:
        today = change.now.date()
        last = add_period(today, gate_policy().longest_override)
        if not today <= until <= last:
            raise BadInput(
                "An override ends soon", f"Name a day from {today} to {last}.", field="until"
            )
        override_id = f"over-{uuid4().hex[:12]}"
        change.apply(
            Event("gate.override_asked", "override", override_id, "gate.override.ask", project,
                  {"until": until.isoformat(), "covers": sorted(covers)}, {"reason": said}),
            insert(gate_override).values(
                id=override_id, project_id=project, reason=said, covers=sorted(covers),
                until=until, asked_by=actor.person_id, asked_at=change.now),
        )  # fmt: skip
        return find_override(change.connection, override_id)


def grant_override(records: Records, actor: Actor, override_id: str) -> Override:
    """Grant it, as an approver who has not asked for it, also not through a delegate."""
    with records.change(actor) as change:
        found = find_override(change.connection, override_id)
        if not found.is_waiting(change.now.date()):
            standing = found.standing(change.now.date()).replace("_", " ")
            raise NotPossibleNow(f"The override is {standing} already", field="override")
        scope = found.project_id
        if _both(change, found.asked_by, scope) & _both(change, actor.person_id, scope):
            raise NotPermitted(
                "Two people open a gate",
                "Whoever asked for it cannot grant it; a delegate counts as both.",
                field="override",
            )
        change.apply(
            Event("gate.override_granted", "override", override_id, "gate.override.grant", scope,
                  {"until": found.until.isoformat(), "covers": list(found.covers)}),
            update(gate_override).where(gate_override.c.id == override_id).values(
                granted_by=actor.person_id, granted_at=change.now),
        )  # fmt: skip
        return find_override(change.connection, override_id)


def end_override(records: Records, actor: Actor, override_id: str, reason: str) -> Override:
    """Refuse a request, or close the gate before the override's last day."""
    said = _said(reason)
    with records.change(actor) as change:
        found = find_override(change.connection, override_id)
        if found.standing(change.now.date()) in {"ended", "expired"}:
            raise NotPossibleNow("The override is over already", field="override")
        change.apply(
            Event("gate.override_ended", "override", override_id, "gate.override.end",
                  found.project_id, private={"reason": said}),
            update(gate_override).where(gate_override.c.id == override_id).values(
                ended_by=actor.person_id, ended_at=change.now, end_reason=said),
        )  # fmt: skip
        return find_override(change.connection, override_id)


def find_override(connection: Connection, override_id: str) -> Override:
    """The override with this id, or NotFound."""
    row = connection.execute(
        select(gate_override).where(gate_override.c.id == override_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no override {override_id[:40]}", field="override")
    return _override(row)


def list_overrides(connection: Connection, project: str | None = None) -> list[Override]:
    """Overrides, the newest first."""
    query = select(gate_override).order_by(gate_override.c.asked_at.desc(), gate_override.c.id)
    if project is not None:
        query = query.where(gate_override.c.project_id == project)
    return [_override(row) for row in connection.execute(query).mappings()]


def _override(row: RowMapping) -> Override:
    return Override(**{**row, "covers": tuple(row["covers"])})


def _said(reason: str) -> str:
    said = reason.strip()[:MAX_REASON]
    if not said:
        raise BadInput("Say why", "The reason is kept with the override.", field="reason")
    return said


def _both(change: Change, person_id: str, scope: str) -> frozenset[str]:
    """The person, and everybody for whom the person acts here today."""
    held = (principals_of(change.connection, person_id, role, scope, change.now) for role in ROLES)
    return frozenset({person_id}).union(*held)
