"""Notices: what happened that one person should know, made in the transaction in which it happened.

A notice says that something happened and where, and nothing of what was said. It is derived from
entries of the ledger and says nothing new, so notices and their reading stand beside the ledger.
Whoever may no longer read an assessment, or a thread, no longer has its notices.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from assessments.errors import BadInput, NotFound
from assessments.language import known
from assessments.records.actor import Actor
from assessments.records.store import Change, Records
from assessments.records.tables import assessment, person
from assessments.talk import outbox
from assessments.talk.access import Sight, Visibility
from assessments.talk.tables import notice, notice_choice, thread
from assessments.talk.words import KINDS

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice; object_id names the thread or condition that it is about, when there is one."""

    id: str
    kind: str
    assessment_id: str
    title: str
    object_id: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person wants to be told: the language of mail, and the kinds that come without mail."""

    language: str = "en"
    without_mail: frozenset[str] = frozenset()


def tell(
    change: Change,
    people: Collection[str],
    kind: str,
    assessment_id: str,
    cause: str,
    object_id: str = "",
) -> None:
    """Tell each of these people once, except whoever did it; mail for those who want it."""
    if kind not in KINDS:
        raise ValueError(f"no kind of notice: {kind}")
    for person_id in dict.fromkeys(people):
        if person_id == change.actor.person_id or not _is_new(change, person_id, kind, cause):
            continue
        notice_id = f"notice-{uuid4().hex[:12]}"
        change.connection.execute(
            insert(notice).values(
                id=notice_id, person_id=person_id, kind=kind, assessment_id=assessment_id,
                object_id=object_id, cause=f"{kind}: {cause}", at=change.now,
            )
        )  # fmt: skip
        if kind not in read_choice(change.connection, person_id).without_mail:
            outbox.queue(change, notice_id, person_id)


def list_notices(connection: Connection, person_id: str, limit: int = MOST_SHOWN) -> list[Notice]:
    """The newest notices that this person may still see."""
    rows = _rows(person_id).limit(limit)
    seen = _seen(connection, person_id, connection.execute(rows).mappings().all())
    return [_notice(row) for row in seen]


def count_unread(connection: Connection, person_id: str) -> int:
    """How many of the newest are unread and may still be seen."""
    rows = _rows(person_id).where(notice.c.read_at.is_(None)).limit(MOST_SHOWN)
    return len(_seen(connection, person_id, connection.execute(rows).mappings().all()))


def mark_read(records: Records, actor: Actor, *notice_ids: str) -> int:
    """Mark one's own notices as read, all of them when none is named; returns how many were not."""
    with records.change(actor) as change:
        query = update(notice).where(
            notice.c.person_id == actor.person_id, notice.c.read_at.is_(None)
        )
        if notice_ids:
            query = query.where(notice.c.id.in_(notice_ids))
        return change.connection.execute(query.values(read_at=change.now)).rowcount


def read_choice(connection: Connection, person_id: str) -> Choice:
    """What this person chose; English and mail for everything before they have."""
    row = connection.execute(
        select(notice_choice).where(notice_choice.c.person_id == person_id)
    ).mappings().first()  # fmt: skip
    return Choice(row["language"], frozenset(row["without_mail"])) if row else Choice()


def choose(records: Records, actor: Actor, choice: Choice) -> None:
    """Keep one's own choice; nobody chooses for somebody else."""
    unknown = choice.without_mail - KINDS.keys()
    if unknown or known(choice.language) != choice.language:
        raise BadInput("There is no such choice", "Choose among those on the page.", field="choice")
    with records.change(actor) as change:
        if not change.connection.execute(
            select(person.c.id).where(person.c.id == actor.person_id)
        ).first():
            raise NotFound(f"There is no person {actor.person_id}", field="person")
        values = {"language": choice.language, "without_mail": sorted(choice.without_mail)}
        own = notice_choice.c.person_id == actor.person_id
        if not change.connection.execute(
            update(notice_choice).where(own).values(**values)
        ).rowcount:
            change.connection.execute(
                insert(notice_choice).values(person_id=actor.person_id, **values)
            )


def find_seen(connection: Connection, person_id: str, notice_id: str) -> Notice | None:
    """One's own notice when one may still see it."""
    rows = connection.execute(_rows(person_id).where(notice.c.id == notice_id)).mappings().all()
    return next((_notice(row) for row in _seen(connection, person_id, rows)), None)


def _rows(person_id: str) -> Select[Any]:
    return (
        select(notice, assessment.c.title, thread.c.visibility)
        .join(assessment, assessment.c.id == notice.c.assessment_id)
        .outerjoin(thread, thread.c.id == notice.c.object_id)
        .where(notice.c.person_id == person_id)
        .order_by(notice.c.at.desc(), notice.c.id)
    )


def _notice(row: RowMapping) -> Notice:
    return Notice(row["id"], row["kind"], row["assessment_id"], row["title"], row["object_id"],
                  row["at"], row["read_at"])  # fmt: skip


def _seen(connection: Connection, person_id: str, rows: Collection[RowMapping]) -> list[RowMapping]:
    sight = Sight(connection, person_id)
    about = select(assessment.c.id, assessment.c.project_id).where(
        assessment.c.id.in_({row["assessment_id"] for row in rows})
    )
    known = {row["id"]: row for row in connection.execute(about).mappings()}
    return [
        row for row in rows
        if sight.sees(known[row["assessment_id"]], row["visibility"] or Visibility.EVERYONE)
    ]  # fmt: skip


def _is_new(change: Change, person_id: str, kind: str, cause: str) -> bool:
    same = select(func.count()).where(
        notice.c.person_id == person_id, notice.c.cause == f"{kind}: {cause}"
    )
    return change.connection.execute(same).scalar_one() == 0
