"""``privacy notices``: what time brings, and the mail that waits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from assessments.talk.post import send_due
from assessments.talk.reminders import remind
from assessments.talk.settings import read_settings
from dashboard.commands.plumbing import Session, emit, json_option, pass_session


def register(cli: click.Group) -> None:
    """Add the group to the command line."""
    cli.add_command(notices)


@click.group()
def notices() -> None:
    """Notices to people: reminders of the day, and mail."""


@notices.command("remind")
@json_option
@pass_session
def remind_(session: Session) -> None:
    """Tell people of conditions that fall due and periods that run out; once a day is enough."""
    today = datetime.now(UTC).date()
    made = remind(session.records(), session.actor("notices"), today)
    emit(session, {"notices": made, "on": today}, f"{made} notices made for {today}.")


@notices.command("send")
@json_option
@pass_session
def send(session: Session) -> None:
    """Send the mail that waits, after the reminders of the day.

    The server is named by PRIVACY_MAIL_HOST, PRIVACY_MAIL_PORT, PRIVACY_MAIL_SECURITY (starttls, tls,
    none), PRIVACY_MAIL_USER, PRIVACY_MAIL_PASSWORD and PRIVACY_MAIL_SENDER, the address of links by
    PRIVACY_BASE_URL. What fails waits and is tried again; exit 1 when anything failed.
    """
    settings = read_settings()
    records, actor = session.records(), session.actor("notices")
    remind(records, actor, datetime.now(UTC).date())
    done = send_due(records, actor, settings)
    text = f"{done.sent} sent, {done.failed} to be tried again, {done.given_up} given up."
    if done.is_server_down:
        text += f" {settings.host} was not reached."
    emit(session, asdict(done), text)
    if done.failed or done.given_up:
        raise SystemExit(1)
