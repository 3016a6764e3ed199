"""``privacy alerts``: unusual access of the last weeks, each with the terms of its score."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click

from dashboard import kpis
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.monitoring.access_anomalies import THRESHOLD, find_alerts


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(alerts)


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Last day; the data's newest by default.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 366), default=28, show_default=True, help="How many days.")  # fmt: skip
@click.option(
    "--score", type=float, default=THRESHOLD, show_default=True, help="From this score on."
)
@json_option
@pass_session
def alerts(session: Session, as_of: datetime | None, days: int, score: float) -> None:
    """List days on which somebody differs from their own habit and from their peers; exit 1 if any.

    An alert is a reason to ask, not a finding about a person.
    """
    with session.warehouse() as warehouse, warehouse.cursor() as cursor:
        last = as_of.date() if as_of else kpis.latest_as_of(cursor)
        found = find_alerts(cursor, last - timedelta(days=days - 1), last, score)
    emit(
        session,
        [each.as_dict() for each in found],
        lambda: "\n".join(f"{each.day}  {each.actor_id}  {each.score:.1f}  {each.sentence}" for each in found)
        or "Nothing unusual.",
    )  # fmt: skip
    sys.exit(1 if found else 0)
