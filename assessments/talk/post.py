"""Sending what waits in the outbox, by SMTP (RFC 5321): at least once, in the reader's language.

A mail says what happened, the assessment's id and a link. It holds no answer, no comment, no title
and no name. Before it goes out the person's right to read is looked at again.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import select

from assessments.language import say
from assessments.records.actor import Actor
from assessments.records.store import Records
from assessments.records.tables import person
from assessments.talk import outbox
from assessments.talk.notices import find_seen, read_choice
from assessments.talk.outbox import Message
from assessments.talk.settings import MailSettings, is_address
from assessments.talk.words import ID, KINDS, MORE, SUBJECT, WHY

NOT_HERE = "no-longer-permitted"
TOO_OLD = "too-old"
Opener = Callable[[MailSettings], contextlib.AbstractContextManager[smtplib.SMTP]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What one run did; is_server_down: the server was not reached, and the rest waits."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    is_server_down: bool = False


@contextlib.contextmanager
def connect(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """A session with the server, its certificate checked; the password goes over TLS or not at all."""
    context = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    with server:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        yield server


def send_due(
    records: Records,
    actor: Actor,
    settings: MailSettings,
    *,
    now: datetime | None = None,
    opener: Opener = connect,
) -> Sent:
    """Send every message that is due; one session a message, so that one failure is one message's."""
    done = Sent()
    moment = now or datetime.now(UTC)
    while not done.is_server_down and (message := outbox.claim(records, actor, moment)):
        done = _send_one(records, actor, settings, message, moment, opener, done)
    return done


def _send_one(
    records: Records,
    actor: Actor,
    settings: MailSettings,
    message: Message,
    now: datetime,
    opener: Opener,
    done: Sent,
) -> Sent:
    problem, final, is_down = _attempt(records, settings, message, now, opener)
    if not problem:
        outbox.mark_sent(records, actor, message, now)
        return Sent(done.sent + 1, done.failed, done.given_up)
    is_over = outbox.mark_failed(records, actor, message, now, problem, final=final)
    return Sent(done.sent, done.failed + (not is_over), done.given_up + is_over, is_down)


def _attempt(
    records: Records, settings: MailSettings, message: Message, now: datetime, opener: Opener
) -> tuple[str, bool, bool]:
    """The problem's code (empty: sent), whether it is final, and whether the server was not reached."""
    if now - message.queued_at > outbox.TOO_OLD:
        return TOO_OLD, True, False
    try:
        mail = compose(records, settings, message)
    except (MessageError, ValueError, IndexError, UnicodeError):
        return "address-not-usable", True, False
    if mail is None:
        return NOT_HERE, True, False
    try:
        with opener(settings) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        return f"recipient-refused-{code}", code >= 500, False
    except smtplib.SMTPResponseException as error:
        is_login = isinstance(error, smtplib.SMTPAuthenticationError)
        return f"server-said-{error.smtp_code}", False, is_login
    except (OSError, smtplib.SMTPException) as error:
        return f"not-reached-{type(error).__name__}"[:80], False, True
    return "", False, False


def compose(records: Records, settings: MailSettings, message: Message) -> EmailMessage | None:
    """The mail, or None when the person has gone, has no address, or may not read it any more."""
    with records.read() as connection:
        address = connection.execute(
            select(person.c.email).where(person.c.id == message.person_id, person.c.is_active)
        ).scalar()
        seen = find_seen(connection, message.person_id, message.notice_id)
        language = read_choice(connection, message.person_id).language
    if not address or seen is None:
        return None
    if not is_address(address):
        raise ValueError("no address")
    what = say(language, KINDS[message.kind])
    link = f"{settings.base_url}/notices?open={message.notice_id}"
    lines = (what, say(language, ID, id=message.assessment_id), "", say(language, MORE, link=link),
             "", say(language, WHY, link=f"{settings.base_url}/notices"))  # fmt: skip
    mail = EmailMessage(policy=SMTP)
    mail.set_content("\n".join(lines) + "\n")
    mail["From"], mail["To"] = settings.sender, address
    mail["Subject"] = say(language, SUBJECT, what=what)
    mail["Message-ID"] = f"<{message.id}@{settings.domain}>"
    mail["Date"] = format_datetime(message.queued_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = language
    return mail
