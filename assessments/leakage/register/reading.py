"""What the register holds: measurements, their files, and whether two of them may be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import Conflict, NotFound
from assessments.leakage.measurement import Measurement, from_dict
from assessments.leakage.register.tables import measurement, measurement_file
from assessments.leakage.results_file import read_parts
from assessments.records import Actor
from assessments.records.permissions import has_permission

READ = "measurement.read"


@dataclass(frozen=True, slots=True)
class Registered:
    """One measurement as the register knows it; its file says everything else.

    row_id: the id that ``privacy leakage rows`` gives the same result, where it shows anything.
    """

    id: str
    sha256: str
    part: str
    project_id: str
    subject_kind: str
    subject_id: str
    channel: str
    measure: str
    method: str
    method_version: str
    status: str
    is_evidence: bool
    value: float | None
    low: float | None
    high: float | None
    confidence: float
    n: int
    severity: float | None
    severity_high: float | None
    extent: float | None
    power_check: str
    null_check: str
    measured_on: date
    data_sha256: str
    code_sha256: str
    row_id: str | None
    trend_key: str
    key_id: str | None
    registered_by: str
    registered_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @property
    def is_trusted(self) -> bool:
        """Signed by an enrolled key, or accepted by the privacy office."""
        return self.key_id is not None or self.accepted_at is not None

    @property
    def counts(self) -> bool:
        """Whether gate and KPIs see it; an unproven result is seen as one that does not count."""
        return self.withdrawn_at is None and self.is_trusted and self.row_id is not None

    @property
    def score(self) -> float | None:
        """0 (nothing shown) to 100; None is not measured, which is not 0."""
        return None if self.severity is None else 100 * self.severity


_COLUMNS = [measurement.c[item.name] for item in fields(Registered)]


def list_registered(
    connection: Connection,
    *,
    project_id: str | None = None,
    subject: tuple[str, str] | None = None,
    channel: str | None = None,
) -> list[Registered]:
    """Measurements from the oldest on, of everybody; callers ask for permission."""
    query = select(*_COLUMNS).order_by(measurement.c.measured_on, measurement.c.registered_at)
    if project_id is not None:
        query = query.where(measurement.c.project_id == project_id)
    if subject is not None:
        query = query.where(
            measurement.c.subject_kind == subject[0], measurement.c.subject_id == subject[1]
        )
    if channel is not None:
        query = query.where(measurement.c.channel == channel)
    return [_registered(row) for row in connection.execute(query).mappings()]


def list_readable(connection: Connection, actor: Actor) -> list[Registered]:
    """The measurements of the projects that this person may read."""
    found = list_registered(connection)
    open_ = {
        project: has_permission(connection, actor, READ, project)
        for project in {each.project_id for each in found}
    }
    return [each for each in found if open_[each.project_id]]


def find_registered(connection: Connection, measurement_id: str) -> Registered:
    """The measurement with this id, or NotFound."""
    row = connection.execute(
        select(*_COLUMNS).where(measurement.c.id == measurement_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound("There is no such measurement", field="measurement")
    return _registered(row)


def read_file(connection: Connection, sha256: str) -> bytes:
    """The result file, checked against its address."""
    content = connection.execute(
        select(measurement_file.c.content).where(measurement_file.c.sha256 == sha256)
    ).scalar()
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise Conflict(
            f"The result file {sha256[:12]} was altered or is gone", "Restore it from a backup."
        )
    return bytes(content)


def read_measurement(connection: Connection, found: Registered) -> Measurement:
    """The measurement's own content."""
    parts = read_parts(read_file(connection, found.sha256), found.id)
    return from_dict(parts[found.part])


def what_changed(before: Measurement, after: Measurement) -> list[str]:
    """Why two measurements of a channel are no trend: ids of what differs, none when they compare.

    ``method``, ``method_version``, or the names of parameters (attacks, attributes, thresholds).
    """
    names = [
        name for name in ("method", "method_version") if getattr(before, name) != getattr(after, name)
    ]  # fmt: skip
    keys = sorted({*before.params, *after.params})
    absent = object()
    return names + [
        key for key in keys if before.params.get(key, absent) != after.params.get(key, absent)
    ]


def runs(history: Sequence[Registered]) -> list[list[Registered]]:
    """The history cut wherever method, version or settings changed."""
    found: list[list[Registered]] = []
    for each in history:
        if found and found[-1][-1].trend_key == each.trend_key:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _registered(row: RowMapping) -> Registered:
    values: dict[str, Any] = dict(row)
    return Registered(**values)
