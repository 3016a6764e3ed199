"""Who may do what: roles are rows with a scope and a validity, checked at the moment of use.

Deny by default. A role is granted to a person for a scope ("*" or one project id) from one moment to
another, by somebody, for a reason; an expired grant counts for nothing. A role that was delegated
names for whom it is held (``review.delegation``). Role names follow GDPR and
WP248: author (the team that processes), reviewer (privacy office), dpo (Art. 35(2), 39(1)(c)),
approver (the risk owner who answers for the controller), leadership, auditor and admin.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from assessments.errors import NotPermitted
from assessments.records.actor import Actor
from assessments.records.tables import person, role_grant

ROLES = ("author", "reviewer", "dpo", "approver", "leadership", "auditor", "admin")
EVERYWHERE = "*"

_OFFICE = {"reviewer", "dpo", "admin"}
_READERS = set(ROLES)

PERMISSIONS: dict[str, frozenset[str]] = {
    "assessment.read": frozenset(_READERS),
    "assessment.create": frozenset({"author", *_OFFICE}),
    "assessment.write": frozenset({"author", *_OFFICE}),
    "assessment.submit": frozenset({"author", *_OFFICE}),
    "assessment.withdraw": frozenset({"author", *_OFFICE}),
    "assessment.review": frozenset({"reviewer"}),
    "deviation.accept": frozenset({"reviewer", "dpo"}),
    "review.trigger": frozenset(_OFFICE),
    "trigger.close": frozenset({"reviewer", "dpo"}),
    "assessment.expire": frozenset(_OFFICE),
    "review.assign": frozenset(_OFFICE),
    "role.delegate": frozenset(_READERS),
    "assessment.opinion": frozenset({"dpo"}),
    "assessment.decide": frozenset({"approver"}),
    "consultation.keep": frozenset({"approver", *_OFFICE}),
    "views.record": frozenset({"author", *_OFFICE}),
    "grant.read": frozenset(_READERS),
    "grant.revoke": frozenset({"approver", *_OFFICE}),
    "action.add": frozenset({"author", "approver", *_OFFICE}),
    "action.close": frozenset({"author", "approver", *_OFFICE}),
    "action.drop": frozenset({"approver", *_OFFICE}),
    "gate.override.ask": frozenset({"author", "approver", *_OFFICE}),
    "gate.override.grant": frozenset({"approver"}),
    "gate.override.end": frozenset({"author", "approver", *_OFFICE}),
    "filter.save": frozenset(_READERS),
    "condition.close": frozenset({"reviewer", "dpo", "approver"}),
    "report.sign": frozenset({"author", "dpo", "approver", *_OFFICE}),
    "report.release": frozenset({"approver", *_OFFICE}),
    "warehouse.read": frozenset(_READERS),
    "export.load": frozenset(_OFFICE),
    "ledger.read": frozenset(_READERS),
    "ledger.checkpoint": frozenset({"admin", "auditor", "dpo"}),
    "ledger.erase": frozenset({"admin", "dpo"}),
    "people.manage": frozenset({"admin"}),
    "backup.make": frozenset({"admin"}),
    "custody.read": frozenset({"auditor", *_OFFICE}),
    "board.pack": frozenset({"leadership", *_OFFICE}),
    "evidence.add": frozenset({"author", *_OFFICE}),
    "evidence.remove": frozenset({"author", *_OFFICE}),
    "budget.set": frozenset({"approver", *_OFFICE}),
    "budget.spend": frozenset({"author", *_OFFICE}),
    "measurement.read": frozenset(_READERS),
    "measurement.people": frozenset({"author", "auditor", *_OFFICE}),
    "measurement.register": frozenset({"author", *_OFFICE}),
    "measurement.accept": frozenset({"reviewer", "dpo"}),
    "measurement.withdraw": frozenset({"reviewer", "dpo"}),
    "measurement.key": frozenset({"dpo", "admin"}),
    "comment.write": frozenset({"author", "approver", *_OFFICE}),
    "notices.send": frozenset({"admin"}),
    "notices.undelivered": frozenset(_OFFICE),
}

SYSTEM_PERMISSIONS = frozenset(
    {
        "assessment.expire",
        "backup.make",
        "board.pack",
        "export.load",
        "ledger.checkpoint",
        "people.manage",
        "ledger.read",
        "notices.send",
        "review.trigger",
    }
)


def active_roles(
    connection: Connection, person_id: str, scope: str, now: datetime | None = None
) -> frozenset[str]:
    """The roles that count for this person in this scope at this moment."""
    return frozenset(role for role, _ in _counting(connection, person_id, scope, now))


def principals_of(
    connection: Connection, person_id: str, role: str, scope: str, now: datetime | None = None
) -> frozenset[str]:
    """For whom this person acts in this role; empty when the role is the person's own."""
    found = {by for held, by in _counting(connection, person_id, scope, now) if held == role}
    return frozenset() if None in found else frozenset(by for by in found if by)


def is_in_force(scopes: Collection[str], moment: datetime) -> ColumnElement[bool]:
    """Which rows of role_grant count: a delegated one only while the absent person holds the role."""
    own = role_grant.alias()
    held = (
        select(own.c.id)
        .where(
            own.c.person_id == role_grant.c.acting_for,
            own.c.role == role_grant.c.role,
            own.c.acting_for.is_(None),
            own.c.scope.in_({EVERYWHERE, *scopes}),
            own.c.valid_from <= moment,
            own.c.valid_to > moment,
        )
        .correlate(role_grant)
    )
    return and_(
        role_grant.c.scope.in_(scopes),
        role_grant.c.valid_from <= moment,
        role_grant.c.valid_to > moment,
        or_(role_grant.c.acting_for.is_(None), held.exists()),
    )


def _counting(
    connection: Connection, person_id: str, scope: str, now: datetime | None
) -> list[tuple[str, str | None]]:
    """Roles with the person for whom they are held, None where they are one's own."""
    found = connection.execute(
        select(role_grant.c.role, role_grant.c.acting_for)
        .join(person, person.c.id == role_grant.c.person_id)
        .where(
            role_grant.c.person_id == person_id,
            person.c.is_active,
            is_in_force({EVERYWHERE, scope}, now or datetime.now(UTC)),
        )
    )
    return [(row.role, row.acting_for) for row in found]


def has_permission(
    connection: Connection,
    actor: Actor,
    permission: str,
    scope: str = EVERYWHERE,
    now: datetime | None = None,
) -> bool:
    """Whether a role that counts now allows it; the product itself may do only its own chores."""
    allowed = PERMISSIONS[permission]
    if actor.is_system:
        return permission in SYSTEM_PERMISSIONS
    return bool(allowed & active_roles(connection, actor.person_id, scope, now))


def check_permission(
    connection: Connection,
    actor: Actor,
    permission: str,
    scope: str = EVERYWHERE,
    now: datetime | None = None,
) -> None:
    """Raise NotPermitted unless ``has_permission``."""
    if not has_permission(connection, actor, permission, scope, now):
        needed = ", ".join(sorted(PERMISSIONS[permission]))
        raise NotPermitted(
            "You do not have a role that allows this",
            f"It needs one of these roles, valid today, for this project: {needed}.",
            field=permission,
        )
