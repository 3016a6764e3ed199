"""Writing in threads: open, reply, edit, resolve, reopen, erase.

The ledger learns that a comment was written and by whom; where, to whom and what is inside a
commitment, the same for every visibility, so that nobody can tell from an entry whom it was hidden
from. Erasing (GDPR Art. 17) removes text, earlier texts and every payload behind the commitments.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import uuid4

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.errors import BadInput, Conflict, NotFound, NotPermitted, NotPossibleNow
from assessments.ledger import body
from assessments.ledger.erasure import erase
from assessments.questionnaire.current import load_in
from assessments.records.actor import Actor
from assessments.records.permissions import check_permission
from assessments.records.store import Change, Event, Records
from assessments.talk.access import Access, Visibility, access_of, check_may_write, find_row
from assessments.talk.notices import tell
from assessments.talk.places import Place, check_place
from assessments.talk.tables import comment, comment_revision, thread
from assessments.talk.threads import thread_row

LONGEST = 5_000
MOST_MENTIONS = 20
PERMISSION = "comment.write"


def open_thread(
    records: Records,
    actor: Actor,
    assessment_id: str,
    place: Place,
    text: str,
    *,
    visibility: Visibility = Visibility.EVERYONE,
    mentions: Collection[str] = (),
) -> str:
    """Begin a thread; returns its id."""
    said = _check_text(text)
    with records.change(actor) as change:
        row, access = _enter(change, assessment_id)
        if not access.sees(visibility):
            raise NotPermitted(
                "You cannot open a thread among reviewers",
                "The privacy office and approvers do, on assessments that they did not write.",
                field="visibility",
            )
        check_may_write(row, access, visibility)
        check_place(load_in(change.connection, assessment_id), place)
        opened = insert(thread).values(
            id=(thread_id := f"thread-{uuid4().hex[:12]}"), assessment_id=assessment_id,
            place=place.kind.value, object_id=place.object_id, row_id=place.row_id,
            column_id=place.column_id, visibility=visibility.value, opened_by=actor.person_id,
            by_author=access.is_author, opened_at=change.now,
        )  # fmt: skip
        _add(change, row, thread_id, visibility, said, mentions, opened, [])
        return thread_id


def reply(
    records: Records, actor: Actor, thread_id: str, text: str, *, mentions: Collection[str] = ()
) -> str:
    """Answer in a thread; everybody who has written there and may still read it is told."""
    said = _check_text(text)
    with records.change(actor) as change:
        found, row, _ = _enter_thread(change, thread_id)
        before = change.connection.execute(
            select(comment.c.by).where(comment.c.thread_id == thread_id)
        ).scalars().all()  # fmt: skip
        visibility = Visibility(found["visibility"])
        return _add(change, row, thread_id, visibility, said, mentions, None, before)


def edit(
    records: Records, actor: Actor, comment_id: str, text: str, *, expected_version: int
) -> None:
    """Change one's own words while their round lasts; what they said before stays readable."""
    said = _check_text(text)
    with records.change(actor) as change:
        found = _comment_row(change, comment_id)
        _, row, _ = _enter_thread(change, found["thread_id"])
        if found["by"] != actor.person_id:
            raise NotPermitted("Only its writer edits a comment", "Reply instead.", field="comment")
        if found["erased_at"] is not None or found["round"] != row["round"]:
            raise NotPossibleNow(
                "The comment cannot be edited any more",
                "Its round is over or it was erased. Reply instead.",
                field="comment",
            )
        if found["version"] != expected_version:
            raise Conflict(
                "The comment changed meanwhile", "Look at it again. Nothing was written."
            )
        if found["text"] == said:
            return
        _record(
            change, "comment.edited", comment_id, row, {"text": said},
            insert(comment_revision).values(comment_id=comment_id, version=found["version"],
                                            text=found["text"],
                                            at=found["edited_at"] or found["at"]),
            update(comment).where(comment.c.id == comment_id).values(
                text=said, version=found["version"] + 1, edited_at=change.now),
        )  # fmt: skip


def resolve(records: Records, actor: Actor, thread_id: str) -> None:
    """Say that a thread is settled; an author cannot settle what a reviewer opened."""
    with records.change(actor) as change:
        found, row, _ = _settling(change, thread_id)
        if found["resolved_at"] is not None:
            raise NotPossibleNow("The thread is resolved already", field="thread")
        _record(
            change, "thread.resolved", thread_id, row, {},
            update(thread).where(thread.c.id == thread_id).values(
                resolved_at=change.now, resolved_by=actor.person_id),
        )  # fmt: skip


def reopen(records: Records, actor: Actor, thread_id: str) -> None:
    """Take up a resolved thread again; the ledger keeps who had resolved it and when."""
    with records.change(actor) as change:
        found, row, _ = _settling(change, thread_id)
        if found["resolved_at"] is None:
            raise NotPossibleNow("The thread is open", field="thread")
        _record(
            change, "thread.reopened", thread_id, row, {},
            update(thread).where(thread.c.id == thread_id).values(
                resolved_at=None, resolved_by=None),
        )  # fmt: skip


def can_settle(access: Access, *, by_author: bool) -> bool:
    """Whether this person may resolve or reopen; a thread that authors opened is everybody's."""
    return access.can_write and (not access.is_author or by_author)


def erase_comment(records: Records, actor: Actor, comment_id: str, reason: str) -> None:
    """Erase what a comment says and said; ``reason`` is a code such as ``art-17-1-a``."""
    with records.change(actor) as change:
        check_permission(change.connection, actor, "ledger.erase", now=change.now)
        _comment_row(change, comment_id)
        for commitment in body.commitments_about(change.connection, "comment", comment_id):
            erase(change, commitment, reason)
        change.apply(
            Event("comment.erased", "comment", comment_id, "ledger.erase", facts={"ground": reason}),
            delete(comment_revision).where(comment_revision.c.comment_id == comment_id),
            update(comment).where(comment.c.id == comment_id).values(
                text="", mentions=[], erased_at=change.now),
        )  # fmt: skip


def _add(
    change: Change,
    row: RowMapping,
    thread_id: str,
    visibility: Visibility,
    said: str,
    mentions: Collection[str],
    opened: Executable | None,
    before: Collection[str],
) -> str:
    mentioned = _check_mentions(change, row, visibility, mentions)
    count = select(func.count()).where(comment.c.thread_id == thread_id)
    position = change.connection.execute(count).scalar_one()
    comment_id = f"comment-{uuid4().hex[:12]}"
    written = insert(comment).values(
        id=comment_id, thread_id=thread_id, position=position, by=change.actor.person_id,
        at=change.now, round=row["round"], text=said, mentions=list(mentioned), version=1,
    )  # fmt: skip
    private = {"thread": thread_id, "assessment": row["id"], "visibility": visibility.value,
               "text": said, "mentions": list(mentioned)}  # fmt: skip
    statements = (written,) if opened is None else (opened, written)
    seq = _record(change, "comment.added", comment_id, row, private, *statements)
    still = [
        person_id
        for person_id in dict.fromkeys(before)
        if person_id not in mentioned
        and access_of(change.connection, row, person_id, change.now).sees(visibility)
    ]
    tell(change, mentioned, "mention", row["id"], f"entry {seq}", thread_id)
    tell(change, still, "reply", row["id"], f"entry {seq}", thread_id)
    return comment_id


def _record(
    change: Change,
    action: str,
    object_id: str,
    row: RowMapping,
    private: dict[str, Any],
    *statements: Executable,
) -> int:
    kind = action.split(".")[0]
    event = Event(action, kind, object_id, PERMISSION, row["project_id"], private=private or None)
    return change.apply(event, *statements)


def _enter(change: Change, assessment_id: str) -> tuple[RowMapping, Access]:
    row = find_row(change.connection, assessment_id)
    access = access_of(change.connection, row, change.actor.person_id, change.now)
    if not access.can_read:
        raise NotFound(f"There is no assessment {assessment_id}", field="assessment")
    return row, access


def _enter_thread(change: Change, thread_id: str) -> tuple[RowMapping, RowMapping, Access]:
    found = thread_row(change.connection, thread_id)
    row = find_row(change.connection, found["assessment_id"])
    access = access_of(change.connection, row, change.actor.person_id, change.now)
    check_may_write(row, access, found["visibility"])
    return found, row, access


def _settling(change: Change, thread_id: str) -> tuple[RowMapping, RowMapping, Access]:
    found, row, access = _enter_thread(change, thread_id)
    if not can_settle(access, by_author=found["by_author"]):
        raise NotPermitted(
            "A reviewer opened this thread",
            "Reply to it; the privacy office or the approver resolves it.",
            field="thread",
        )
    return found, row, access


def _comment_row(change: Change, comment_id: str) -> RowMapping:
    row = change.connection.execute(
        select(comment).where(comment.c.id == comment_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound("There is no such thread", field="thread")
    return row


def _check_mentions(
    change: Change, row: RowMapping, visibility: Visibility, mentions: Collection[str]
) -> tuple[str, ...]:
    """Whoever is named must be able to read it: a notice of something unreadable helps nobody."""
    named = tuple(dict.fromkeys(mentions))
    if len(named) > MOST_MENTIONS:
        raise BadInput(f"At most {MOST_MENTIONS} people can be named", field="mentions")
    for person_id in named:
        if not access_of(change.connection, row, person_id, change.now).sees(visibility):
            raise BadInput(
                f"{person_id[:80]} cannot be named here",
                "Only people who may read this thread today can be named in it.",
                field="mentions",
            )
    return named


def _check_text(text: str) -> str:
    said = text.strip()
    if not said:
        raise BadInput("A comment needs a text", field="text")
    if len(said) > LONGEST:
        raise BadInput(f"A comment has at most {LONGEST} characters", field="text")
    return said
