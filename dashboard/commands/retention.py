"""``privacy exports``: how long landed data is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.exports.retention import prune as prune_landed


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(exports)


@click.group()
def exports() -> None:
    """What has landed, and how long it stays."""


@exports.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be removed.")
@json_option
@pass_session
def prune(session: Session, is_dry: bool) -> None:
    """Remove landed rows that the retention file no longer allows, and enter it in the ledger.

    The file is retention.yaml of the home, else the one that is shipped. Counts of loads and what KPIs
    need stay. The store is written anew, so that the removed rows are not left in its file.
    """
    records, actor = session.records(), session.actor("prune")
    try:
        today = datetime.now(UTC).date()
        found = prune_landed(session.home, today, records=records, actor=actor, is_dry=is_dry)
    finally:
        records.close()
    verb = "would be removed" if is_dry else "removed"
    lines = [f"{count:>9}  {table} {verb}" for table, count in found.items()]
    emit(session, {"is_dry": is_dry, "rows": found}, "\n".join(lines) or "Nothing is too old.")
