"""One person's queue: what waits for them, the oldest first, each with the reason why it is theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from assessments.actions.action import Status
from assessments.actions.reading import list_actions
from assessments.portfolio.line import Line
from assessments.questionnaire.tables import review_trigger
from assessments.records.actor import Actor
from assessments.records.permissions import EVERYWHERE, active_roles, has_permission
from assessments.records.tables import assessment, condition, contributor, role_grant
from assessments.review.lifecycle import VALID_APPROVALS
from assessments.review.override import list_overrides
from assessments.review.parts import can_play
from assessments.review.seats import can_sit

MOST = 25
"""How many of the oldest are looked at; nobody works on more at once."""


class WaitingKind(StrEnum):
    """What a person is asked to do."""

    WRITE = "write"
    REVIEW = "review"
    ADVISE = "advise"
    DECIDE = "decide"
    DO_ACTION = "do_action"
    MEET_CONDITION = "meet_condition"
    CONFIRM_CONDITION = "confirm_condition"
    LOOK_AT_CHANGE = "look_at_change"
    GRANT_OVERRIDE = "grant_override"


_KIND_OF_TURN = {
    "author": WaitingKind.WRITE,
    "reviewer": WaitingKind.REVIEW,
    "dpo": WaitingKind.ADVISE,
    "approver": WaitingKind.DECIDE,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do; id is that of the assessment, action, condition, trigger or override."""

    kind: WaitingKind
    id: str
    title: str
    project_id: str
    assessment_id: str
    since: date
    due_on: date | None = None
    is_returned: bool = False


def list_waiting(
    connection: Connection, actor: Actor, lines: Sequence[Line], today: date
) -> list[Waiting]:
    """At most ``MOST`` of each kind, the oldest first. lines: the portfolio that the person may read."""
    turns = _turns(connection, actor, lines)
    found = [
        *_first(turns),
        *_own_actions(connection, actor),
        *_conditions(connection, actor, today),
        *_changes(connection, actor, lines),
        *_overrides(connection, actor, today),
    ]
    return sorted(found, key=lambda item: (item.since, item.kind, item.id))


def _first(items: Iterator[Waiting]) -> list[Waiting]:
    return [item for item, _ in zip(items, range(MOST), strict=False)]


def _turns(connection: Connection, actor: Actor, lines: Sequence[Line]) -> Iterator[Waiting]:
    """Assessments whose turn it is in a role that this person may play in them."""
    mine = set(
        connection.execute(
            select(contributor.c.assessment_id).where(contributor.c.person_id == actor.person_id)
        ).scalars()
    )
    everywhere = active_roles(connection, actor.person_id, EVERYWHERE)
    scoped = _scoped_roles(connection, actor.person_id)
    for line in sorted(lines, key=lambda line: line.state_since or date.max):
        if not line.assessment_id or line.waits_for not in _KIND_OF_TURN:
            continue
        roles = everywhere
        if line.project_id in scoped:
            roles = active_roles(connection, actor.person_id, line.project_id)
        if _is_mine(connection, actor.person_id, line, roles, mine):
            yield Waiting(
                _KIND_OF_TURN[line.waits_for], line.assessment_id, line.title, line.project_id,
                line.assessment_id, line.state_since or date.max,
                line.clock.due_on if line.clock else None, line.state == "returned",
            )  # fmt: skip


def _scoped_roles(connection: Connection, person_id: str) -> frozenset[str]:
    """The projects in which this person has, had or will have a role of their own."""
    scopes = select(role_grant.c.scope).where(role_grant.c.person_id == person_id)
    return frozenset(connection.execute(scopes).scalars()) - {EVERYWHERE}


def _is_mine(
    connection: Connection,
    person_id: str,
    line: Line,
    roles: frozenset[str],
    contributes_to: set[str],
) -> bool:
    if line.waits_for == "author":
        return person_id == line.owner_id or line.assessment_id in contributes_to
    if line.waits_for not in roles or person_id == line.owner_id:
        return False
    if line.waits_for == "reviewer" and line.people and person_id not in line.people:
        return can_sit(connection, line.assessment_id, person_id) and can_play(
            connection, line.assessment_id, person_id, "reviewer"
        )
    return can_play(connection, line.assessment_id, person_id, line.waits_for)


def _own_actions(connection: Connection, actor: Actor) -> list[Waiting]:
    return [
        Waiting(WaitingKind.DO_ACTION, item.id, item.text, item.project_id,
                item.assessment_id or "", item.added_at.date(), item.due_on)
        for item in list_actions(connection, owner=actor.person_id, status=Status.OPEN)[:MOST]
    ]  # fmt: skip


def _conditions(connection: Connection, actor: Actor, today: date) -> list[Waiting]:
    """Those that the person has to meet, and overdue ones of others that they may confirm as met."""
    rows = connection.execute(
        select(condition, assessment.c.project_id, assessment.c.decided_at)
        .join(assessment, assessment.c.id == condition.c.assessment_id)
        .where(assessment.c.state.in_(VALID_APPROVALS), condition.c.closed_at.is_(None))
        .order_by(condition.c.due_on, condition.c.id)
    ).mappings()
    allowed: dict[str, bool] = {}
    found = []
    for row in rows:
        scope, is_own = row["project_id"], row["owner_id"] == actor.person_id
        if not is_own and row["due_on"] >= today:
            continue
        if not is_own and scope not in allowed:
            allowed[scope] = has_permission(connection, actor, "condition.close", scope)
        if is_own or allowed[scope]:
            kind = WaitingKind.MEET_CONDITION if is_own else WaitingKind.CONFIRM_CONDITION
            found.append(
                Waiting(kind, row["id"], row["text"], scope, row["assessment_id"],
                        row["decided_at"].date(), row["due_on"])
            )  # fmt: skip
    return found[:MOST]


def _changes(connection: Connection, actor: Actor, lines: Sequence[Line]) -> list[Waiting]:
    """Approvals whose facts changed, for those who say what comes of it; never for the author."""
    since = dict(_first_change(connection))
    stale = [line for line in lines if line.stale and line.owner_id != actor.person_id]
    allowed = {
        project
        for project in {line.project_id for line in stale}
        if has_permission(connection, actor, "trigger.close", project)
    }
    return [
        Waiting(WaitingKind.LOOK_AT_CHANGE, line.assessment_id, line.title, line.project_id,
                line.assessment_id, since[line.assessment_id].date())
        for line in stale
        if line.project_id in allowed
    ][:MOST]  # fmt: skip


def _first_change(connection: Connection) -> list[tuple[str, datetime]]:
    rows = connection.execute(
        select(review_trigger.c.assessment_id, review_trigger.c.found_at)
        .where(review_trigger.c.closed_at.is_(None))
        .order_by(review_trigger.c.found_at.desc())
    )
    return [(row.assessment_id, row.found_at) for row in rows]


def _overrides(connection: Connection, actor: Actor, today: date) -> list[Waiting]:
    return [
        Waiting(WaitingKind.GRANT_OVERRIDE, item.id, item.reason, item.project_id, "",
                item.asked_at.date(), item.until)
        for item in list_overrides(connection)
        if item.is_waiting(today) and item.asked_by != actor.person_id
        and has_permission(connection, actor, "gate.override.grant", item.project_id)
    ][:MOST]  # fmt: skip
