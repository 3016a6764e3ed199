"""The gate of a project with what the warehouse knows: imported approvals and measured leakage."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from importlib import resources

from sqlalchemy import Connection

from assessments.errors import NotFound
from assessments.leakage.policy import load as load_policy
from assessments.leakage.register.reading import list_registered
from assessments.leakage.score import AUDIT, needed_for
from assessments.records import Records
from assessments.review.gate import Approval, Gate, MeasuredLeakage, check_gate
from assessments.settings import Home
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.renewal import opened


def gate_of(home: Home, records: Records, project: str) -> Gate:
    """The gate as of the newest load; NotFound for a project that the inventory does not know."""
    with opened(home.prepare(), records) as warehouse:
        _check_known(warehouse, project)
        with records.read() as connection:
            leakage = _leakage(warehouse, connection, project)
        approvals, today = _approvals(warehouse, project), warehouse.as_of() or date.today()
    with records.read() as connection:
        return check_gate(connection, project, today=today, registered=approvals, leakage=leakage)


def _query(warehouse: Warehouse, name: str, project: str) -> list[tuple[object, ...]]:
    text = resources.files("dashboard.warehouse").joinpath(f"gate/{name}.sql").read_text("utf-8")
    with warehouse.cursor() as cursor:
        return cursor.execute(text, {"project": project}).fetchall()


def _check_known(warehouse: Warehouse, project: str) -> None:
    if not _query(warehouse, "project", project):
        raise NotFound(
            f"The inventory has no project {project}",
            "Load an export of projects that names it first.",
            field="project",
        )


def _approvals(warehouse: Warehouse, project: str) -> list[Approval]:
    rows = _query(warehouse, "approvals", project)
    return [Approval(str(row[0]), row[1] if isinstance(row[1], date) else None) for row in rows]


def _leakage(warehouse: Warehouse, connection: Connection, project: str) -> list[MeasuredLeakage]:
    classes = load_policy().data_classes
    found = []
    for subject, score, data_class, day, refuted, ids in _query(warehouse, "leakage", project):
        limit = float(classes[str(data_class)])
        current = ids if isinstance(ids, list) else []
        upper, needed = _upper_end(connection, str(subject), current, limit)
        found.append(
            MeasuredLeakage(
                str(subject), float(str(score)) if score is not None else None, limit,
                day if isinstance(day, date) else None, bool(refuted), upper, needed,
            )
        )  # fmt: skip
    return found


def _upper_end(
    connection: Connection, model: str, current: Collection[object], limit: float
) -> tuple[float | None, int | None]:
    """Of the registered results that count now; rows that were loaded say no upper end, audits have none."""
    results = [
        item
        for item in list_registered(connection, subject=("model", model))
        if item.counts and item.row_id in current and item.channel != AUDIT
    ]
    ends = [(100 * r.severity_high, r) for r in results if r.severity_high is not None]
    if not ends:
        return None, None
    upper, worst = max(ends, key=lambda end: end[0])
    return upper, needed_for(worst.severity or 0.0, upper / 100, worst.n, limit)
