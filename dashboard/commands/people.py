"""``privacy user``: people and the roles that they hold for a time."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assessments.records import people
from assessments.records.permissions import EVERYWHERE, ROLES
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(user)


@click.group()
def user() -> None:
    """People and their roles."""


@user.command("add")
@click.argument("person_id")
@click.option("--name", required=True)
@click.option("--title", default="", help="What the person does, as reports print it.")
@click.option("--email", help="The address that they sign in with.")
@json_option
@pass_session
def add(session: Session, person_id: str, name: str, title: str, email: str | None) -> None:
    """Add a person under an id that carries no name."""
    records = session.records()
    with records.change(session.actor()) as change:
        people.add_person(change, person_id, name, title=title, email=email)
    emit(session, {"person": person_id}, f"Added {person_id}.")


@user.command("grant")
@click.argument("person_id")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--reason", required=True)
@click.option("--scope", default=EVERYWHERE, help="A project id; everywhere by default.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; a year by default.")
@json_option
@pass_session
def grant(
    session: Session, person_id: str, role: str, reason: str, scope: str, until: datetime | None
) -> None:
    """Grant a role for a time."""
    records = session.records()
    with records.read() as connection:
        people.find_person(connection, person_id)
    end = until.replace(tzinfo=UTC) if until else None
    with records.change(session.actor()) as change:
        granted = people.grant_role(
            change, person_id, role, reason=reason, scope=scope, valid_to=end
        )
    emit(session, {"grant": granted}, f"{person_id} is {role} ({granted}).")


@user.command("list")
@json_option
@pass_session
def list_(session: Session) -> None:
    """List active people and the roles that count today."""
    with session.records().read() as connection:
        found = people.list_people(connection)
    data = [{"id": p.id, "name": p.name, "title": p.title, "roles": sorted(p.roles)} for p in found]
    emit(
        session,
        data,
        lambda: (
            "\n".join(f"{p.id}  {p.name}  {', '.join(sorted(p.roles)) or 'no role'}" for p in found)
            or "No people yet. Add one with: privacy user add ID --name NAME"
        ),
    )
