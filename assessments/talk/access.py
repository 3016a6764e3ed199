"""Who reads and who writes in a thread.

``everyone``: whoever may read the assessment. ``reviewers``: the privacy office and the approver, and
never anybody who wrote the assessment, in person or for somebody absent. Roles count at the moment of
reading; whoever becomes an author loses sight of what was said among reviewers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import NotFound, NotPermitted, NotPossibleNow
from assessments.records.permissions import EVERYWHERE, PERMISSIONS, active_roles, is_in_force
from assessments.records.tables import assessment, contributor, person, role_grant
from assessments.review.lifecycle import State
from assessments.review.parts import played_parts

BEHIND = frozenset({"reviewer", "dpo", "admin", "approver"})
"""Roles that read what is said among reviewers."""

CLOSED = frozenset(
    {
        State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.REJECTED, State.WITHDRAWN,
        State.SUPERSEDED, State.EXPIRED,
    }
)  # fmt: skip
"""States in which threads can be read and not written."""


class Visibility(StrEnum):
    """Who sees a thread."""

    REVIEWERS = "reviewers"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may see and write in the threads of one assessment, at one moment."""

    person_id: str
    can_read: bool
    is_author: bool
    is_behind: bool
    can_write: bool

    def sees(self, visibility: str) -> bool:
        return self.can_read and (visibility == Visibility.EVERYONE or self.is_behind)


def access_of(
    connection: Connection, row: RowMapping, person_id: str, now: datetime | None = None
) -> Access:
    """What this person may do in the threads of the assessment in ``row``."""
    roles = active_roles(connection, person_id, row["project_id"], now)
    is_author = "author" in played_parts(connection, row["id"], person_id)
    can_read = bool(roles & PERMISSIONS["assessment.read"])
    writing = roles & PERMISSIONS["comment.write"]
    return Access(
        person_id,
        can_read,
        is_author,
        can_read and not is_author and bool(roles & BEHIND),
        can_read and bool(writing) and (is_author or bool(writing - {"author"})),
    )


class Sight:
    """What one person sees of many assessments at one moment, each question asked once."""

    def __init__(self, connection: Connection, person_id: str) -> None:
        self._connection = connection
        self._person_id = person_id
        self._everywhere = bool(self._roles(EVERYWHERE) & PERMISSIONS["assessment.read"])
        self._projects: dict[str, bool] = {}
        self._access: dict[str, Access] = {}

    def sees(self, row: RowMapping, visibility: str) -> bool:
        """The answer of ``Access.sees``, without reading more than it needs."""
        if not self._can_read(row["project_id"]):
            return False
        if visibility == Visibility.EVERYONE:
            return True
        if row["id"] not in self._access:
            self._access[row["id"]] = access_of(self._connection, row, self._person_id)
        return self._access[row["id"]].sees(visibility)

    def _can_read(self, project_id: str) -> bool:
        if self._everywhere:
            return True
        if project_id not in self._projects:
            roles = self._roles(project_id)
            self._projects[project_id] = bool(roles & PERMISSIONS["assessment.read"])
        return self._projects[project_id]

    def _roles(self, scope: str) -> frozenset[str]:
        return active_roles(self._connection, self._person_id, scope)


def readers(
    connection: Connection, row: RowMapping, visibility: Visibility, now: datetime | None = None
) -> list[str]:
    """Everybody who may read such a thread now, by id; a mention is picked from these."""
    wanted = PERMISSIONS["assessment.read"] if visibility == Visibility.EVERYONE else BEHIND
    return [
        person_id
        for person_id in holders(connection, row["project_id"], wanted, now)
        if visibility == Visibility.EVERYONE
        or access_of(connection, row, person_id, now).sees(visibility)
    ]


def holders(
    connection: Connection, scope: str, roles: Collection[str], now: datetime | None = None
) -> list[str]:
    """Whoever holds one of these roles for a project at this moment, by id."""
    found = (
        select(role_grant.c.person_id)
        .join(person, person.c.id == role_grant.c.person_id)
        .where(
            person.c.is_active,
            role_grant.c.role.in_(roles),
            is_in_force({EVERYWHERE, scope}, now or datetime.now(UTC)),
        )
    )
    return sorted(set(connection.execute(found).scalars()))


def authors(connection: Connection, row: RowMapping) -> list[str]:
    """The author and the contributors."""
    named = select(contributor.c.person_id).where(contributor.c.assessment_id == row["id"])
    return list(dict.fromkeys([row["author_id"], *connection.execute(named).scalars()]))


def check_may_write(row: RowMapping, access: Access, visibility: str) -> None:
    """NotFound for what the person cannot see, then NotPermitted, then NotPossibleNow."""
    if not access.sees(visibility):
        raise NotFound("There is no such thread", field="thread")
    if not access.can_write:
        raise NotPermitted(
            "You can read here and not write",
            "Authors write on their own assessments; the privacy office and approvers on all.",
            field="comment.write",
        )
    if State(row["state"]) in CLOSED:
        raise NotPossibleNow(
            "The assessment is closed", "Its comments can be read and not changed.", field="state"
        )


def find_row(connection: Connection, assessment_id: str) -> RowMapping:
    """The assessment's row, or NotFound."""
    found = connection.execute(
        select(assessment).where(assessment.c.id == assessment_id)
    ).mappings().first()  # fmt: skip
    if found is None:
        raise NotFound(f"There is no assessment {assessment_id}", field="assessment")
    return found
