"""``privacy verify``: is this report, or pack, valid?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assessments.signing.verification import Verification
from assessments.signing.verify import verify
from dashboard.commands.plumbing import VERDICT_EXIT, Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the command to ``privacy``."""
    cli.add_command(verify_command)


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--trust", type=click.Path(path_type=Path), help="The organisation's root certificate."
)
@click.option("--policy", type=click.Path(path_type=Path), help="Who has to have signed (JSON).")
@click.option(
    "--status",
    type=click.Path(path_type=Path),
    help="The published list of releases that still stand.",
)
@json_option
@pass_session
def verify_command(
    session: Session, path: Path, trust: Path | None, policy: Path | None, status: Path | None
) -> None:
    """Check a signed report or pack, offline.

    Prints VALID, INVALID (which check) or INCOMPLETE (what is missing); exit code 0, 1 or 3.
    """
    found = verify(path, trust_root=trust, policy=policy, status=status)
    emit(session, found.as_dict(), lambda: _text(found))
    sys.exit(VERDICT_EXIT[found.verdict])


def _text(found: Verification) -> str:
    width = max(len(check.name) for check in found.checks)
    lines = [f"{c.verdict:<10}  {c.name:<{width}}  {c.detail}" for c in found.checks]
    return "\n".join([found.verdict, "", *lines])
