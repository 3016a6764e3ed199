"""``privacy gate PROJECT``: exit 1 while something keeps the project from being released.

3 when that is only that a measurement does not tell whether a model is below its limit.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from assessments.files import replace_file
from assessments.review.gate import Gate
from assessments.review.gate_junit import junit
from assessments.review.override import (
    Override,
    ask_override,
    end_override,
    grant_override,
    list_overrides,
)
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.release import gate_of


def register(cli: click.Group) -> None:
    """Add the command and the group of overrides to the command line."""
    cli.add_command(gate)
    cli.add_command(group)


@click.command()
@click.argument("project")
@click.option(
    "--junit", "junit_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write the answer to FILE as JUnit XML too.",
)  # fmt: skip
@json_option
@pass_session
def gate(session: Session, project: str, junit_file: Path | None) -> None:
    """Say whether PROJECT may be released, and what stands in the way.

    Exit 0 open, 1 closed, 3 closed only because a measurement is inconclusive.
    """
    found = gate_of(session.home, session.records(), project)
    if junit_file is not None:
        replace_file(junit_file, junit(found))
    emit(session, found.as_dict(), lambda: "\n".join(_lines(found)))
    sys.exit(0 if found.is_open else 3 if found.is_inconclusive else 1)


def _lines(found: Gate) -> list[str]:
    head = f"{'OPEN' if found.is_open else 'CLOSED'}: {found.project}"
    if found.override is not None:
        head += f", open by override {found.override.id} until {found.override.until}"
    return [head, *(f"  {reason.kind}: {reason.what}" for reason in found.reasons)]


@click.group("override")
def group() -> None:
    """Open a gate in spite of its reasons: one person asks, an approver grants."""


@group.command("ask")
@click.argument("project")
@click.option("--reason", required=True, help="Why the release cannot wait.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Its last day.")
@json_option
@pass_session
def ask(session: Session, project: str, reason: str, until: datetime) -> None:
    """Ask for the gate of PROJECT to be opened for a time; it covers the reasons of today."""
    records, person = session.records(), session.person()
    covers = {blocker.key for blocker in gate_of(session.home, records, project).reasons}
    made = ask_override(records, person, project, covers, reason, until.date())
    emit(
        session,
        made.as_dict(),
        f"{made.id} waits for an approver: privacy override grant {made.id}",
    )


@group.command("grant")
@click.argument("override_id")
@json_option
@pass_session
def grant(session: Session, override_id: str) -> None:
    """Grant what somebody else has asked for, as an approver."""
    made = grant_override(session.records(), session.person(), override_id)
    emit(session, made.as_dict(), f"{made.project_id} is open by override until {made.until}.")


@group.command("end")
@click.argument("override_id")
@click.option("--reason", required=True, help="Why it is refused or ends early.")
@json_option
@pass_session
def end(session: Session, override_id: str, reason: str) -> None:
    """Refuse a request, or end an override before its last day."""
    made = end_override(session.records(), session.person(), override_id, reason)
    emit(session, made.as_dict(), f"{made.id} has ended.")


@group.command("list")
@click.option("--project", help="Only this project.")
@json_option
@pass_session
def list_(session: Session, project: str | None) -> None:
    """List overrides, the newest first."""
    with session.records().read() as connection:
        found = list_overrides(connection, project)
    emit(
        session,
        [override.as_dict() for override in found],
        lambda: "\n".join(map(_line, found)) or "No overrides.",
    )


def _line(override: Override) -> str:
    standing = override.standing(date.today())
    return f"{override.id}  {standing:8}  until {override.until}  {override.project_id}"
