"""``privacy doctor``: is this installation in order, and what to do where it is not."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from assessments.doctor import State
from assessments.doctor.kept import conduct, keep
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.examination import every_finding

MARKS = {State.OK: "ok", State.ATTENTION: "look", State.BROKEN: "BROKEN"}


def register(cli: click.Group) -> None:
    """Add the command to the command line."""
    cli.add_command(doctor)


@click.command()
@click.option("--nightly", is_flag=True, help="Keep the result, for the page Keys and backups.")
@json_option
@pass_session
def doctor(session: Session, nightly: bool) -> None:
    """Examine records, ledger, evidence, reports, keys, warehouse and backups; change nothing.

    Every entry of the ledger is hashed again. Exit 0: nothing is broken. Exit 1: something is.
    """
    made = conduct(every_finding(session.home.prepare(), session.records()))
    if nightly:
        keep(session.home, made)
    findings, state = made.findings, made.state
    lines = [
        f"{MARKS[f.state]:8}{f.name:14}{f.detail}" + (f"\n{'':22}{f.remedy}" if f.remedy else "")
        for f in findings
    ]
    emit(session, {"state": state, "findings": [asdict(f) for f in findings]}, "\n".join(lines))
    sys.exit(1 if state is State.BROKEN else 0)
