"""``privacy gate PROJECT``: exit 1 while something keeps the project from being released."""

from __future__ import annotations

import sys
from datetime import date
from importlib import resources

import click

from assessments.errors import NotFound
from assessments.leakage.policy import load as load_policy
from assessments.review.gate import Approval, MeasuredLeakage, check_gate
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.connect import Warehouse


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(gate)


@click.command()
@click.argument("project")
@json_option
@pass_session
def gate(session: Session, project: str) -> None:
    """Say whether PROJECT may be released, and what stands in the way."""
    warehouse = Warehouse.open(session.home.prepare())
    try:
        _check_known(warehouse, project)
        approvals, leakage = _approvals(warehouse, project), _leakage(warehouse, project)
        today = warehouse.as_of() or date.today()
    finally:
        warehouse.close()
    with session.records().read() as connection:
        found = check_gate(connection, project, today=today, registered=approvals, leakage=leakage)
    lines = [f"{'OPEN' if found.is_open else 'CLOSED'}: {project}"]
    lines += [f"  {reason.kind}: {reason.what}" for reason in found.reasons]
    emit(session, found.as_dict(), "\n".join(lines))
    sys.exit(0 if found.is_open else 1)


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
        )
        for subject, score, data_class, day in _query(warehouse, "leakage", project)
    ]
