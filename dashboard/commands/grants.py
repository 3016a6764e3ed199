"""``privacy grant``: who may use which dataset for what and until when, and taking it back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from assessments import grants
from assessments.files import replace_file
from assessments.grants import Grant, Standing
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.exports.grant_file import write_grants

STANDINGS = [standing.value for standing in Standing]


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(group)


@click.group("grant")
def group() -> None:
    """Time-bound access to datasets, given by approved requests."""


@group.command("list")
@click.option("--dataset", help="Only this dataset.")
@click.option("--person", help="Only this person (id).")
@click.option("--standing", type=click.Choice(STANDINGS), help="Only grants that stand like this.")
@json_option
@pass_session
def list_(session: Session, dataset: str | None, person: str | None, standing: str | None) -> None:
    """List grants, those that end first in front; expired and revoked ones too."""
    with session.records().read() as connection:
        found = grants.list_grants(connection, person=person, dataset=dataset)
    shown = [grant for grant in found if standing in (None, grant.standing.value)]
    emit(
        session,
        [grant.as_dict() for grant in shown],
        lambda: "\n".join(map(_line, shown)) or "No grants. An approved access request makes one.",
    )


def _line(grant: Grant) -> str:
    return (
        f"{grant.id}  {grant.standing.value:9}  {grant.valid_from} to {grant.valid_to}  "
        f"{grant.person_id}  {grant.dataset_id}  {grant.purpose_id}"
    )


@group.command("show")
@click.argument("grant_id")
@json_option
@pass_session
def show(session: Session, grant_id: str) -> None:
    """Show one grant: whose, for what, from which request, and whether it counts now."""
    with session.records().read() as connection:
        found = grants.find_grant(connection, grant_id)
    data = found.as_dict()
    lines = (f"{name.replace('_', ' '):18} {value}" for name, value in data.items() if value)
    emit(session, data, "\n".join(lines))


@group.command("check")
@click.argument("person_id")
@click.argument("dataset")
@click.argument("purpose")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Moment in UTC; now by default.",
)
@json_option
@pass_session
def check(
    session: Session, person_id: str, dataset: str, purpose: str, at: datetime | None
) -> None:
    """Exit 0 when PERSON_ID may use DATASET for PURPOSE at that moment, 1 when not."""
    moment = at.replace(tzinfo=UTC) if at else None
    with session.records().read() as connection:
        granted = grants.is_granted(connection, person_id, dataset, purpose, moment)
    emit(session, {"granted": granted}, "granted" if granted else "not granted")
    sys.exit(0 if granted else 1)


@group.command("revoke")
@click.argument("grant_id")
@click.option("--reason", required=True, help="Why it is taken back; kept with the grant.")
@json_option
@pass_session
def revoke(session: Session, grant_id: str, reason: str) -> None:
    """End a grant at once."""
    grants.revoke_grant(session.records(), session.person(), grant_id, reason)
    emit(session, {"grant": grant_id, "standing": "revoked"}, f"{grant_id} is revoked.")


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@pass_session
def export(session: Session, file: Path) -> None:
    """Write all grants to FILE (CSV in the columns of the grants export)."""
    with session.records().read() as connection:
        found = grants.list_grants(connection)
    replace_file(file, write_grants(found).encode())
    emit(session, {"path": str(file), "grants": len(found)}, f"{len(found)} grants in {file}.")
