"""``privacy action`` and ``privacy condition``: what was promised, by whom and when, and how it ended."""

from __future__ import annotations

from datetime import date, datetime

import click

from assessments import actions
from assessments.actions import Action, Due, NewAction, Origin, Status
from assessments.review.decisions import close_condition
from dashboard.commands.plumbing import Session, emit, json_option, pass_session

DAY = click.DateTime(["%Y-%m-%d"])


def register(cli: click.Group) -> None:
    """Add both groups to the command line."""
    cli.add_command(group)
    cli.add_command(conditions)


@click.group("action")
def group() -> None:
    """What somebody has to do, by when, and how it ended."""


@group.command("list")
@click.option("--project", help="Only this project.")
@click.option("--assessment", help="Only this assessment.")
@click.option("--owner", help="Only this person (id).")
@click.option("--status", type=click.Choice([s.value for s in Status]), help="Only these.")
@click.option("--overdue", is_flag=True, help="Only open ones past their day.")
@json_option
@pass_session
def list_(
    session: Session,
    project: str | None,
    assessment: str | None,
    owner: str | None,
    status: str | None,
    overdue: bool,
) -> None:
    """List actions, those that are due first in front."""
    wanted = Status(status) if status else None
    with session.records().read() as connection:
        found = actions.list_actions(
            connection, project=project, assessment=assessment, owner=owner, status=wanted
        )
    shown = [item for item in found if not overdue or item.is_overdue(date.today())]
    emit(
        session,
        [item.as_dict() for item in shown],
        lambda: "\n".join(map(_line, shown)) or "No actions.",
    )


def _line(item: Action) -> str:
    late = "  OVERDUE" if item.is_overdue(date.today()) else ""
    return (
        f"{item.id}  {item.status.value:7}  due {item.due_on}  {item.owner_id}  {item.text}{late}"
    )


@group.command("add")
@click.argument("text")
@click.option("--owner", required=True, help="Who does it (id).")
@click.option("--due", type=DAY, required=True, help="By when.")
@click.option("--project", default="", help="For a project, without an assessment.")
@click.option("--assessment", help="For this assessment.")
@click.option("--from", "origin", type=click.Choice([o.value for o in Origin]), default="free",
              help="What it comes from; free when nothing is named.")  # fmt: skip
@click.option("--ref", default="", help="Which one: R1, M2, a condition's id, a rule's id.")
@json_option
@pass_session
def add(
    session: Session,
    text: str,
    owner: str,
    due: datetime,
    project: str,
    assessment: str | None,
    origin: str,
    ref: str,
) -> None:
    """Add an action; TEXT says what is to be done."""
    new = NewAction(text, owner, due.date(), project, assessment, Origin(origin), ref)
    made = actions.add_action(session.records(), session.person(), new)
    emit(session, made.as_dict(), f"{made.id} is due on {made.due_on}.")


@group.command("close")
@click.argument("action_id")
@click.option("--note", default="", help="How it was done.")
@click.option("--evidence", metavar="SHA256", help="A kept file that shows it.")
@click.option("--drop", metavar="REASON", help="Give it up instead, for a reason.")
@json_option
@pass_session
def close(
    session: Session, action_id: str, note: str, evidence: str | None, drop: str | None
) -> None:
    """Close an action as done, or drop it for a reason."""
    records, person = session.records(), session.person()
    if drop is not None:
        made = actions.drop_action(records, person, action_id, drop)
    else:
        made = actions.finish_action(records, person, action_id, note, evidence)
    emit(session, made.as_dict(), f"{made.id} is {made.status.value}.")


@group.command("due")
@click.option("--within", type=click.IntRange(0, 3650), default=14, help="Days to look ahead.")
@click.option("--project", help="Only this project.")
@json_option
@pass_session
def due(session: Session, within: int, project: str | None) -> None:
    """List what is overdue or due soon: actions, conditions, and approvals that end."""
    with session.records().read() as connection:
        found = actions.list_due(connection, date.today(), within=within, project=project)
    emit(
        session,
        [item.as_dict() for item in found],
        lambda: "\n".join(map(_due_line, found)) or "Nothing is due.",
    )


def _due_line(item: Due) -> str:
    when = f"{-item.days_left} days late" if item.is_overdue else f"in {item.days_left} days"
    return f"{item.kind.value:9}  {item.due_on}  {when:12}  {item.owner_id}  {item.id}  {item.text}"


@click.group("condition")
def conditions() -> None:
    """What an approval depends on."""


@conditions.command("list")
@click.option("--project", help="Only this project.")
@json_option
@pass_session
def list_conditions(session: Session, project: str | None) -> None:
    """List the open conditions of all approvals that stand, by their day."""
    with session.records().read() as connection:
        found = [
            item.as_dict()
            for item in actions.list_due(connection, date.today(), project=project)
            if item.kind is actions.DueKind.CONDITION
        ]
    emit(
        session,
        found,
        lambda: "\n".join(f"{c['id']}  due {c['due_on']}  {c['owner_id']}  {c['text']}" for c in found)
        or "No open conditions.",
    )  # fmt: skip


@conditions.command("close")
@click.argument("condition_id")
@click.option("--note", required=True, help="How it was met.")
@click.option("--evidence", metavar="SHA256", help="A kept file that shows it.")
@json_option
@pass_session
def close_one(session: Session, condition_id: str, note: str, evidence: str | None) -> None:
    """Close a condition, as somebody else than its owner."""
    close_condition(session.records(), session.person(), condition_id, note, evidence)
    emit(session, {"condition": condition_id, "closed": True}, f"{condition_id} is closed.")
