"""What a grant is, and whether it counts at a moment.

A grant counts for one person, one dataset and one purpose (GDPR Art. 5(1)(b), 29), from its first to
its last day, both included, in UTC. It ends when it is revoked. It rests while a condition of its
approval is open past its day: whoever promised something keeps it, or waits. Nothing has to run for
a grant to end, because every question is answered at the moment of use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from assessments.errors import NotFound
from assessments.grants.tables import access_grant
from assessments.records.tables import condition, person


class Standing(StrEnum):
    """Whether a grant counts, and if not, why."""

    ACTIVE = "active"
    UPCOMING = "upcoming"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission to use a dataset, as it stands at the moment of reading."""

    id: str
    assessment_id: str
    project_id: str
    person_id: str
    dataset_id: str
    purpose_id: str
    level: str
    valid_from: date
    valid_to: date
    extends_id: str | None
    granted_by: str
    granted_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    revocation_reason: str | None
    standing: Standing

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self) | {"standing": self.standing.value}


def is_granted(
    connection: Connection,
    person_id: str,
    dataset_id: str,
    purpose_id: str,
    moment: datetime | None = None,
) -> bool:
    """Whether this person may use this dataset for this purpose at this moment."""
    at = moment or datetime.now(UTC)
    is_here = connection.execute(
        select(person.c.id).where(person.c.id == person_id, person.c.is_active)
    ).first()
    return is_here is not None and any(
        grant.standing is Standing.ACTIVE
        for grant in list_grants(connection, at, person=person_id, dataset=dataset_id)
        if grant.purpose_id == purpose_id
    )


def list_grants(
    connection: Connection,
    moment: datetime | None = None,
    *,
    person: str | None = None,
    dataset: str | None = None,
    assessment: str | None = None,
) -> list[Grant]:
    """Every grant with its standing at a moment, those that end first in front."""
    query = select(access_grant).order_by(access_grant.c.valid_to, access_grant.c.id)
    wanted_by = {"person_id": person, "dataset_id": dataset, "assessment_id": assessment}
    for column, wanted in wanted_by.items():
        query = query if wanted is None else query.where(access_grant.c[column] == wanted)
    return _grants(connection, connection.execute(query).mappings().all(), moment)


def find_grant(connection: Connection, grant_id: str, moment: datetime | None = None) -> Grant:
    """The grant with this id, or NotFound."""
    rows = (
        connection.execute(select(access_grant).where(access_grant.c.id == grant_id))
        .mappings()
        .all()
    )
    if not rows:
        raise NotFound(f"There is no grant {grant_id}", field="grant")
    return _grants(connection, rows, moment)[0]


def _grants(
    connection: Connection, rows: Sequence[RowMapping], moment: datetime | None
) -> list[Grant]:
    at = moment or datetime.now(UTC)
    late = _with_late_conditions(connection, at)
    return [Grant(**row, standing=_standing(row, late, at)) for row in rows]


def _with_late_conditions(connection: Connection, at: datetime) -> frozenset[str]:
    """The assessments that have a condition which is open after the day on which it was due."""
    found = connection.execute(
        select(condition.c.assessment_id).where(
            condition.c.due_on < at.astimezone(UTC).date(),
            or_(condition.c.closed_at.is_(None), condition.c.closed_at > at),
        )
    )
    return frozenset(found.scalars())


def _standing(row: RowMapping, late: frozenset[str], at: datetime) -> Standing:
    day = at.astimezone(UTC).date()
    if row["revoked_at"] is not None and row["revoked_at"] <= at:
        return Standing.REVOKED
    if day > row["valid_to"]:
        return Standing.EXPIRED
    if day < row["valid_from"] or at < row["granted_at"]:
        return Standing.UPCOMING
    return Standing.SUSPENDED if row["assessment_id"] in late else Standing.ACTIVE
