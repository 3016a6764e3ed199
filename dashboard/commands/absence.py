"""``privacy user away``: somebody stands in for somebody else, for a time."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import click

from assessments.review.delegation import (
    DELEGABLE,
    delegate_role,
    end_delegation,
    hand_over,
    list_delegations,
)
from dashboard.commands.assessments import plain_row
from dashboard.commands.people import user
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """The commands belong to ``privacy user``; importing this module adds them there."""
    cli.add_command(user)


@user.command("away")
@click.argument("delegate")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
@click.option("--reason", required=True)
@click.option("--role", type=click.Choice(DELEGABLE), help="Only this role; open work stays.")
@click.option("--absent", help="Who is away; whoever acts by default. For others: administrators.")
@json_option
@pass_session
def away(
    session: Session,
    delegate: str,
    until: datetime,
    reason: str,
    role: str | None,
    absent: str | None,
) -> None:
    """Let DELEGATE hold your roles, and take over your open reviews and drafts.

    What a delegate does counts for both: neither can play another part in that assessment.
    """
    records, end = session.records(), until.replace(tzinfo=UTC) + timedelta(days=1)
    actor = session.actor() if absent else session.person()
    if role is not None:
        grant = delegate_role(records, actor, role, delegate, end, reason, absent=absent)
        emit(session, {"grants": [grant]}, f"{delegate} is {role} for a time ({grant}).")
        return
    done = hand_over(records, actor, delegate, end, reason, absent=absent)
    emit(
        session,
        dataclasses.asdict(done),
        f"{len(done.grants)} roles and {len(done.assessments)} assessments handed over, "
        f"{len(done.kept)} kept.",
    )


@user.command("back")
@click.argument("grant_id")
@json_option
@pass_session
def back(session: Session, grant_id: str) -> None:
    """End a delegation."""
    end_delegation(session.records(), session.actor(), grant_id)
    emit(session, {"ended": grant_id}, f"Ended {grant_id}.")


@user.command("delegations")
@json_option
@pass_session
def delegations(session: Session) -> None:
    """List who stands in for whom, now and later."""
    with session.records().read() as connection:
        found = list_delegations(connection, datetime.now(UTC))
    data = [plain_row(dataclasses.asdict(item)) for item in found]
    emit(
        session,
        data,
        lambda: (
            "\n".join(
                f"{d.grant_id}  {d.delegate} is {d.role} for {d.absent} until {d.valid_to.date()}"
                for d in found
            )
            or "Nobody stands in for anybody."
        ),
    )
