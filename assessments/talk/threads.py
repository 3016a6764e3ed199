"""Reading threads: only what the reader may see, in lists, counts and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import NotFound
from assessments.records.actor import Actor
from assessments.talk.access import Access, Visibility, access_of, find_row
from assessments.talk.places import Kind, Place
from assessments.talk.tables import comment, comment_revision, thread


@dataclass(frozen=True, slots=True)
class Comment:
    """One contribution; an erased one keeps its place and its time."""

    id: str
    by: str
    at: datetime
    round: int
    text: str
    mentions: tuple[str, ...]
    version: int
    edited_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said in one place; ``by_author`` says on whose side it was opened."""

    id: str
    assessment_id: str
    place: Place
    visibility: Visibility
    opened_by: str
    by_author: bool
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    comments: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


def list_threads(
    connection: Connection, actor: Actor, assessment_id: str, place: Place | None = None
) -> list[Thread]:
    """The threads of an assessment, or of one place, that this person may see, oldest first."""
    access = access_of(connection, find_row(connection, assessment_id), actor.person_id)
    query = select(thread).where(
        thread.c.assessment_id == assessment_id, thread.c.visibility.in_(_seen(access))
    )
    if place is not None:
        query = query.where(
            thread.c.place == place.kind,
            thread.c.object_id == place.object_id,
            thread.c.row_id == place.row_id,
            thread.c.column_id == place.column_id,
        )
    rows = connection.execute(query.order_by(thread.c.opened_at, thread.c.id)).mappings().all()
    said = _comments(connection, [row["id"] for row in rows])
    return [as_thread(row, said.get(row["id"], ())) for row in rows]


def count_open(connection: Connection, actor: Actor, assessment_id: str) -> dict[Place, int]:
    """How many threads are open in each place, of those that this person may see."""
    counts: dict[Place, int] = {}
    for found in list_threads(connection, actor, assessment_id):
        if found.is_open:
            counts[found.place] = counts.get(found.place, 0) + 1
    return counts


def find_thread(connection: Connection, actor: Actor, thread_id: str) -> Thread:
    """One thread; NotFound also when it is there and this person may not see it."""
    row = thread_row(connection, thread_id)
    access = access_of(connection, find_row(connection, row["assessment_id"]), actor.person_id)
    if not access.sees(row["visibility"]):
        raise _no_thread()
    return as_thread(row, _comments(connection, [thread_id]).get(thread_id, ()))


def earlier_texts(
    connection: Connection, actor: Actor, thread_id: str, comment_id: str
) -> list[tuple[datetime, str]]:
    """What a comment said before it was edited, oldest first, for whoever may read the thread."""
    found = find_thread(connection, actor, thread_id)
    if comment_id not in {said.id for said in found.comments}:
        raise NotFound("There is no such comment", field="comment")
    rows = connection.execute(
        select(comment_revision)
        .where(comment_revision.c.comment_id == comment_id)
        .order_by(comment_revision.c.version)
    )
    return [(row.at, row.text) for row in rows]


def thread_row(connection: Connection, thread_id: str) -> RowMapping:
    """The row of a thread, unguarded; for rules, which guard it themselves."""
    row = connection.execute(select(thread).where(thread.c.id == thread_id)).mappings().first()
    if row is None:
        raise _no_thread()
    return row


def as_thread(row: RowMapping, said: Sequence[Comment]) -> Thread:
    """A row and its comments as a value."""
    place = Place(Kind(row["place"]), row["object_id"], row["row_id"], row["column_id"])
    return Thread(
        row["id"], row["assessment_id"], place, Visibility(row["visibility"]), row["opened_by"],
        row["by_author"], row["opened_at"], row["resolved_at"], row["resolved_by"], tuple(said),
    )  # fmt: skip


def _comments(connection: Connection, threads: Sequence[str]) -> dict[str, list[Comment]]:
    rows = connection.execute(
        select(comment)
        .where(comment.c.thread_id.in_(threads))
        .order_by(comment.c.thread_id, comment.c.position)
    ).mappings()
    found: dict[str, list[Comment]] = {}
    for row in rows:
        found.setdefault(row["thread_id"], []).append(
            Comment(
                row["id"], row["by"], row["at"], row["round"], row["text"],
                tuple(row["mentions"]), row["version"], row["edited_at"], row["erased_at"],
            )
        )  # fmt: skip
    return found


def _seen(access: Access) -> list[str]:
    return [visibility.value for visibility in Visibility if access.sees(visibility)]


def _no_thread() -> NotFound:
    """The same words for what is not there and for what is not for this reader."""
    return NotFound("There is no such thread", field="thread")
