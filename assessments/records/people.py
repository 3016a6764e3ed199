"""People and their role grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, and_, insert, select

from assessments.errors import BadInput, NotFound
from assessments.records.permissions import EVERYWHERE, ROLES, active_roles, is_in_force
from assessments.records.store import Change, Event
from assessments.records.tables import person, role_grant

DEFAULT_VALIDITY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as pages show them; roles are those that count at the moment of reading."""

    id: str
    name: str
    title: str
    email: str | None
    roles: frozenset[str]


def add_person(
    change: Change, person_id: str, name: str, *, title: str = "", email: str | None = None
) -> None:
    """Add a person; the ledger sees the id and a commitment to the rest."""
    change.apply(
        Event(
            action="person.added",
            kind="person",
            id=person_id,
            permission="people.manage",
            private={"name": name, "title": title, "email": email},
        ),
        insert(person).values(id=person_id, name=name, title=title, email=email, is_active=True),
    )


def grant_role(
    change: Change,
    person_id: str,
    role: str,
    *,
    reason: str,
    scope: str = EVERYWHERE,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> str:
    """Grant a role for a time; nobody grants a role to themselves."""
    if role not in ROLES:
        raise BadInput(f"There is no role {role}", f"Roles are: {', '.join(ROLES)}.", field="role")
    if person_id == change.actor.person_id:
        raise BadInput("Nobody can grant a role to themselves", "Ask another administrator.")
    start = valid_from or change.now
    end = valid_to or start + DEFAULT_VALIDITY
    grant_id = f"role-{uuid4().hex[:12]}"
    change.apply(
        Event(
            action="role.granted",
            kind="person",
            id=person_id,
            permission="people.manage",
            facts={
                "role": role,
                "scope": scope,
                "valid_from": start.isoformat(),
                "valid_to": end.isoformat(),
            },
        ),
        insert(role_grant).values(
            id=grant_id,
            person_id=person_id,
            role=role,
            scope=scope,
            valid_from=start,
            valid_to=end,
            granted_by=change.actor.person_id,
            reason=reason,
        ),
    )
    return grant_id


def find_person(connection: Connection, person_id: str) -> Person:
    """The person with this id, or NotFound."""
    row = connection.execute(select(person).where(person.c.id == person_id)).mappings().first()
    if row is None:
        raise NotFound(f"There is no person {person_id}", field="person")
    roles = active_roles(connection, person_id, EVERYWHERE)
    return Person(row["id"], row["name"], row["title"], row["email"], roles)


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The active person who signs in with this address, if any."""
    found = connection.execute(
        select(person.c.id).where(person.c.email == email, person.c.is_active)
    ).scalar()
    return None if found is None else find_person(connection, found)


def list_people(connection: Connection, now: datetime | None = None) -> list[Person]:
    """All active people by name, each with the roles that count everywhere now; one query."""
    moment = now or datetime.now(UTC)
    counts_now = and_(role_grant.c.person_id == person.c.id, is_in_force({EVERYWHERE}, moment))
    rows = connection.execute(
        select(person, role_grant.c.role)
        .select_from(person)
        .outerjoin(role_grant, counts_now)
        .where(person.c.is_active)
        .order_by(person.c.name, person.c.id)
    ).mappings()
    found: dict[str, Person] = {}
    for row in rows:
        known = found.get(row["id"])
        roles = (known.roles if known else frozenset()) | ({row["role"]} if row["role"] else set())
        found[row["id"]] = Person(row["id"], row["name"], row["title"], row["email"], roles)
    return list(found.values())
