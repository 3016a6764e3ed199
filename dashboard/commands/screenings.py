"""``privacy assessment screenings``: what each screening found, negative decisions among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import Connection

from assessments.records.permissions import has_permission
from assessments.review.screenings import Screening, list_screenings
from dashboard.commands.assessments import group
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the command to the assessments."""
    group.add_command(screenings)


@click.command("screenings")
@click.option("--negative", is_flag=True, help="Only those that found that none is needed.")
@json_option
@pass_session
def screenings(session: Session, negative: bool) -> None:
    """List what the screenings found, with advice, decision and signatures."""
    with session.records().read() as connection:
        found = list_screenings(connection, _reads(session, connection))
    shown = [item for item in found if item.is_negative or not negative]
    emit(session, [_screening(item) for item in shown], lambda: "\n".join(map(_line, shown))
         or "No screenings.")  # fmt: skip


def _reads(session: Session, connection: Connection) -> Callable[[str], bool]:
    """The operator reads all; a person reads what their roles allow."""
    if not session.person_id:
        return lambda project: True
    actor = session.person()
    return lambda project: has_permission(connection, actor, "assessment.read", project)


def _screening(item: Screening) -> dict[str, Any]:
    return {
        "id": item.assessment_id,
        "title": item.title,
        "project": item.project_id,
        "state": item.state,
        "outcome": item.outcome.level,
        "reasons": [reason.code for reason in item.outcome.reasons],
        "further": [reason.template for reason in item.outcome.further],
        "advice": item.advice,
        "decision": item.decision,
        "decided_at": item.decided_at,
        "reason": item.reason or None,
        "signed": list(item.signed),
    }


def _line(item: Screening) -> str:
    return f"{item.assessment_id}  {item.outcome.level:17} {item.state:26} {item.title}"
