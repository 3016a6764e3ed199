"""Registering measurements: the subject must be the project's, and gate and KPIs see it at once."""

from __future__ import annotations

from datetime import date

from assessments.errors import NotFound
from assessments.leakage.register import store
from assessments.leakage.register.reading import Registered
from assessments.leakage.register.store import Subject
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard.inventory.leakage import projects_of
from dashboard.warehouse.build import rebuild
from dashboard.warehouse.renewal import opened


def check_subject(home: Home, records: Records, subject: Subject) -> None:
    """NotFound unless the inventory says that the project answers for the model or dataset.

    Without this, a role in one project could register results for the models of another.
    """
    with opened(home.prepare(), records) as warehouse, warehouse.cursor() as cursor:
        if subject.project_id not in projects_of(cursor, subject.kind, subject.id):
            raise NotFound(
                f"Project {subject.project_id} has no {subject.kind} {subject.id}",
                "The inventory says which models and datasets a project has.",
                field="subject",
            )


def register(
    home: Home,
    records: Records,
    actor: Actor,
    subject: Subject,
    data: bytes,
    file: str,
    *,
    measured_on: date | None = None,
    envelope: bytes | None = None,
) -> list[Registered]:
    """Keep a result file and build the warehouse anew when it counts."""
    check_subject(home, records, subject)
    kept = store.register(
        records, actor, subject, data, file, measured_on=measured_on, envelope=envelope
    )
    if any(each.counts for each in kept):
        rebuild(home, records)
    return kept


def accept(home: Home, records: Records, actor: Actor, measurement_id: str) -> Registered:
    """Let an unsigned result count."""
    found = store.accept(records, actor, measurement_id)
    rebuild(home, records)
    return found


def withdraw(
    home: Home, records: Records, actor: Actor, measurement_id: str, reason: str
) -> Registered:
    """Take a result out of gate and KPIs."""
    found = store.withdraw(records, actor, measurement_id, reason)
    rebuild(home, records)
    return found
