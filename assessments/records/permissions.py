"""Who may do what: roles are rows with a scope and a validity, checked at the moment of use.

Deny by default. A role is granted to a person for a scope ("*" or one project id) from one moment to
another, by somebody, for a reason; an expired grant counts for nothing. Role names follow GDPR and
WP248: author (the team that processes), reviewer (privacy office), dpo (Art. 35(2), 39(1)(c)),
approver (the risk owner who answers for the controller), leadership, auditor and admin.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

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
    "assessment.opinion": frozenset({"dpo"}),
    "assessment.decide": frozenset({"approver"}),
    "grant.read": frozenset(_READERS),
    "grant.revoke": frozenset({"approver", *_OFFICE}),
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
    "board.pack": frozenset({"leadership", *_OFFICE}),
    "evidence.add": frozenset({"author", *_OFFICE}),
    "evidence.remove": frozenset({"author", *_OFFICE}),
}

SYSTEM_PERMISSIONS = frozenset(
    {
        "backup.make",
        "board.pack",
        "export.load",
        "ledger.checkpoint",
        "people.manage",
        "ledger.read",
        "review.trigger",
    }
)


def active_roles(
    connection: Connection, person_id: str, scope: str, now: datetime | None = None
) -> frozenset[str]:
    """The roles that count for this person in this scope at this moment."""
    moment = now or datetime.now(UTC)
    found = connection.execute(
        select(role_grant.c.role)
        .join(person, person.c.id == role_grant.c.person_id)
        .where(
            role_grant.c.person_id == person_id,
            person.c.is_active,
            role_grant.c.scope.in_({EVERYWHERE, scope}),
            role_grant.c.valid_from <= moment,
            role_grant.c.valid_to > moment,
        )
    )
    return frozenset(found.scalars())


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
