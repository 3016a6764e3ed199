"""The gate of a project with what the warehouse knows: imported approvals and measured leakage."""

from __future__ import annotations

from datetime import date
from importlib import resources

from assessments.errors import NotFound
from assessments.leakage.policy import load as load_policy
from assessments.records import Records
from assessments.review.gate import Approval, Gate, MeasuredLeakage, check_gate
from assessments.settings import Home
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.renewal import opened


def gate_of(home: Home, records: Records, project: str) -> Gate:
    """The gate as of the newest load; NotFound for a project that the inventory does not know."""
    with opened(home.prepare(), records) as warehouse:
        _check_known(warehouse, project)
        approvals, leakage = _approvals(warehouse, project), _leakage(warehouse, project)
        today = warehouse.as_of() or date.today()
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


def _leakage(warehouse: Warehouse, project: str) -> list[MeasuredLeakage]:
    classes = load_policy().data_classes
    return [
        MeasuredLeakage(
            str(subject),
            float(str(score)) if score is not None else None,
            float(classes[str(data_class)]),
            day if isinstance(day, date) else None,
            bool(refuted),
        )
        for subject, score, data_class, day, refuted in _query(warehouse, "leakage", project)
    ]
