"""Search over titles, answers and comments: a person finds nothing that they may not read.

What is not theirs is left out before anything is counted or cut. The order is titles first, then as
things were written, so that no rank can tell of a text that the reader does not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, select

from assessments.records.actor import Actor
from assessments.records.store import Records
from assessments.records.tables import assessment
from assessments.talk.access import Sight
from assessments.talk.index import MOST_WORDS, Index, Text

AROUND = 70
MOST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One place: object_id is the question of an answer, or the thread of a comment."""

    kind: str
    assessment_id: str
    title: str
    object_id: str
    place_id: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits, and how many there are of what this reader may read."""

    hits: tuple[Hit, ...]
    total: int


def search(records: Records, index: Index, actor: Actor, wanted: str, limit: int = MOST) -> Found:
    """Everything readable in which each word of ``wanted`` begins a word."""
    with records.read() as connection, index.lock:
        index.keep_up(connection)
        sight = Sight(connection, actor.person_id)
        known = _assessments(connection)
        mine = [
            text for text in index.find(wanted)
            if sight.sees(known[text.assessment_id], text.visibility)
        ]  # fmt: skip
    hits = tuple(_hit(text, known[text.assessment_id]["title"], wanted) for text in mine[:limit])
    return Found(hits, len(mine))


def _assessments(connection: Connection) -> dict[str, RowMapping]:
    rows = connection.execute(select(assessment.c.id, assessment.c.project_id, assessment.c.title))
    return {row["id"]: row for row in rows.mappings()}


def _hit(text: Text, title: str, wanted: str) -> Hit:
    return Hit(text.kind, text.assessment_id, title, text.object_id, text.place_id,
               snippet(text.said, wanted))  # fmt: skip


def snippet(said: str, wanted: str) -> str:
    """The words around the first match, on one line."""
    line = " ".join(said.split())
    starts = [
        match.start()
        for word in re.findall(r"\w+", wanted)[:MOST_WORDS]
        if (match := re.search(rf"\b{re.escape(word)}", line, re.IGNORECASE))
    ]
    start = max(min(starts, default=0) - AROUND, 0)
    end = start + 2 * AROUND + len(wanted)
    shown = line[start:end]
    if start:
        shown = "… " + shown.partition(" ")[2]
    if end < len(line):
        shown = shown.rpartition(" ")[0] + " …"
    return shown
