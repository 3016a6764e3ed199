"""Mail that waits, written with the event that it tells of and sent afterwards.

A message is claimed before it is sent: its attempt is counted and its next one planned in one
transaction, so that two senders never hold it together, and one that dies between sending and marking
leaves it to be sent again. So a mail arrives at least once; a second copy has the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Select, insert, select, update

from assessments.errors import NotFound
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Records
from assessments.records.tables import person
from assessments.talk.settings import is_configured
from assessments.talk.tables import notice, outbox

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long after each attempt the next one comes; after the last one it is given up."""

TOO_OLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person, by id; ``problem`` is a short code of what the server said."""

    id: str
    notice_id: str
    person_id: str
    kind: str
    assessment_id: str
    queued_at: datetime
    attempts: int
    problem: str
    given_up_at: datetime | None


def queue(change: Change, notice_id: str, person_id: str) -> None:
    """Leave a mail for the sender; none where no mail server is set, or for somebody without address."""
    address = select(person.c.email).where(person.c.id == person_id)
    if not is_configured() or not change.connection.execute(address).scalar():
        return
    change.connection.execute(
        insert(outbox).values(
            id=uuid4().hex, notice_id=notice_id, queued_at=change.now, due_at=change.now, attempts=0
        )
    )


def claim(records: Records, actor: Actor, now: datetime) -> Message | None:
    """The next message that is due, its attempt counted; None when nothing is."""
    with records.change(actor, now=now) as change:
        check_permission(change.connection, actor, "notices.send", now=now)
        due = _query().where(
            outbox.c.sent_at.is_(None), outbox.c.given_up_at.is_(None), outbox.c.due_at <= now
        )
        row = change.connection.execute(
            due.order_by(outbox.c.due_at, outbox.c.id).limit(1).with_for_update(of=outbox)
        ).first()
        if row is None:
            return None
        wait = WAITS[min(row.attempts, len(WAITS) - 1)]
        change.connection.execute(
            update(outbox)
            .where(outbox.c.id == row.id)
            .values(attempts=row.attempts + 1, due_at=now + wait)
        )
        return Message(**dict(row._mapping) | {"attempts": row.attempts + 1})


def mark_sent(records: Records, actor: Actor, message: Message, now: datetime) -> None:
    """The server took it."""
    _write(records, actor, message.id, now, sent_at=now, problem="")


def mark_failed(
    records: Records, actor: Actor, message: Message, now: datetime, problem: str, *, final: bool
) -> bool:
    """It did not; ``final`` when trying again is of no use. Returns whether it is given up now."""
    is_over = final or message.attempts >= len(WAITS)
    over = {"given_up_at": now} if is_over else {}
    _write(records, actor, message.id, now, problem=problem, **over)
    return is_over


def undelivered(connection: Connection, actor: Actor) -> list[Message]:
    """What was given up, newest first, for the office."""
    check_permission(connection, actor, "notices.undelivered")
    rows = connection.execute(
        _query().where(outbox.c.given_up_at.is_not(None)).order_by(outbox.c.given_up_at.desc())
    )
    return [Message(**row._mapping) for row in rows]


def try_again(records: Records, actor: Actor, message_id: str) -> None:
    """Take up a message that was given up, with all its attempts before it."""
    with records.change(actor) as change:
        check_permission(change.connection, actor, "notices.undelivered", now=change.now)
        done = change.connection.execute(
            update(outbox)
            .where(outbox.c.id == message_id, outbox.c.given_up_at.is_not(None))
            .values(given_up_at=None, attempts=0, problem="", queued_at=change.now,
                    due_at=change.now)
        )  # fmt: skip
        if done.rowcount == 0:
            raise NotFound("There is no such message", field="message")


def _write(
    records: Records, actor: Actor, message_id: str, now: datetime, **values: object
) -> None:
    with records.change(actor, now=now) as change:
        check_permission(change.connection, actor, "notices.send", now=now)
        change.connection.execute(update(outbox).where(outbox.c.id == message_id).values(**values))


def _query() -> Select[Any]:
    return select(
        outbox.c.id, outbox.c.notice_id, notice.c.person_id, notice.c.kind,
        notice.c.assessment_id, outbox.c.queued_at, outbox.c.attempts, outbox.c.problem,
        outbox.c.given_up_at,
    ).join(notice, notice.c.id == outbox.c.notice_id)  # fmt: skip
