"""``privacy leakage federated``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dashboard.commands.plumbing import Session, emit, json_option, pass_session

if TYPE_CHECKING:
    from assessments.leakage.federated import Checks

EXIT = {"met": 0, "not_met": 1, "not_stated": 3}


@click.command()
@click.argument("settings", type=click.Path())
@json_option
@pass_session
def federated(session: Session, settings: str) -> None:
    """Check exported SETTINGS of a federated training; checks, not a score."""
    from assessments.leakage.federated import check_file

    found = check_file(settings)
    emit(session, found.as_dict(), lambda: _text(found))
    sys.exit(EXIT[found.verdict])


def _text(found: Checks) -> str:
    lines = [f"{found.verdict.replace('_', ' ')}: {found.source.path}"]
    for each in found.checks:
        lines.append(f"  {each.verdict.replace('_', ' '):<10}  {each.name}: {each.found or 'nothing'} (wanted: {each.wanted})")  # fmt: skip
        lines += [f"              {each.why} ({each.source})"] if each.verdict != "met" else []
    return "\n".join(lines)


def register(group: click.Group) -> None:
    """Add the command."""
    group.add_command(federated)
