"""The sender inside ``privacy serve``: every minute it sends the mail that waits.

Several processes may run it, and a timer beside them: a message is claimed before it is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from assessments.errors import WorkbenchError
from assessments.records import Actor, Records
from assessments.talk.post import send_due
from assessments.talk.reminders import remind
from assessments.talk.settings import MailSettings, is_configured, read_settings

log = logging.getLogger(__name__)
EVERY_SECONDS = 60.0
STOP_SECONDS = 5.0


@contextmanager
def sending(url: str, every: float = EVERY_SECONDS) -> Iterator[None]:
    """Send while the block lasts, where a mail server is named; settings that are wrong say so now."""
    if not is_configured():
        yield
        return
    settings, stop = read_settings(), Event()
    thread = Thread(target=_run, args=(url, settings, stop, every), name="sender", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


def _run(url: str, settings: MailSettings, stop: Event, every: float) -> None:
    """Whatever goes wrong in one turn, the next one comes; the log names its kind and no text."""
    actor = Actor.system("notices")
    while not stop.wait(every):
        try:
            records = Records.open(url)
            try:
                remind(records, actor, datetime.now(UTC).date())
                send_due(records, actor, settings)
            finally:
                records.close()
        except (WorkbenchError, SQLAlchemyError, OSError) as error:
            log.warning("mail was not sent: %s", type(error).__name__)
