"""The index behind the search: in memory, built from the records at the first search and kept up.

It is SQLite FTS5 in memory whatever keeps the records, so that no text stands in a second place on
disk and an erased comment is gone with the next search. The ledger says what has changed: every
change appends to it, and only the assessments that new entries name are read again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import WorkbenchError
from assessments.ledger import body, store
from assessments.questionnaire.current import template_for
from assessments.questionnaire.stored import CLEARED
from assessments.questionnaire.template import Question, Shape, Template, Type
from assessments.records.tables import answer, assessment
from assessments.talk.tables import comment, thread

_WORD = re.compile(r"\w+", re.UNICODE)
_TEXTS = frozenset({Type.TEXT, Type.LONG_TEXT})
MOST_WORDS = 8
CATCH_UP = 2_000
"""With more new entries than this the whole index is built again, which is faster."""

_ROWS = "select id, kind, assessment_id, object_id, place_id, visibility, said from texts"


@dataclass(frozen=True, slots=True)
class Text:
    """One thing that can be found; object_id: a question or thread."""

    kind: str
    assessment_id: str
    object_id: str
    place_id: str
    visibility: str
    said: str


def has_fts5() -> bool:
    """Whether this SQLite has full text search; without it texts are looked through one by one."""
    with sqlite3.connect(":memory:") as connection:
        return ("ENABLE_FTS5",) in connection.execute("pragma compile_options").fetchall()


@dataclass(slots=True)
class Index:
    """Titles, answers and comments of one store, for readers of every right; callers ask ``search``."""

    uses_fts5: bool = field(default_factory=has_fts5)
    size: int = -1
    lock: Lock = field(default_factory=Lock, repr=False)
    memory: sqlite3.Connection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.memory = sqlite3.connect(":memory:", check_same_thread=False)
        self.memory.execute(
            "create table texts (id integer primary key, kind text, assessment_id text, "
            "object_id text, place_id text, visibility text, said text)"
        )
        self.memory.execute("create index texts_of on texts (assessment_id)")
        if self.uses_fts5:
            self.memory.execute(
                "create virtual table words using fts5"
                "(said, tokenize = 'unicode61 remove_diacritics 2', content = '')"
            )

    def keep_up(self, connection: Connection) -> None:
        """Read again what has changed since the last search."""
        size = store.size(connection)
        if size == self.size:
            return
        if self.size < 0 or size < self.size or size - self.size > CATCH_UP:
            self._fill(connection, None)
        else:
            self._fill(connection, _changed(connection, self.size, size))
        self.size = size

    def find(self, wanted: str) -> Iterator[Text]:
        """Every text in which each word begins a word, whoever may read it."""
        words = _WORD.findall(wanted.casefold())[:MOST_WORDS]
        if not words:
            return
        for row in self._matching(words):
            yield Text(*row[1:])

    def _matching(self, words: list[str]) -> Iterable[tuple[Any, ...]]:
        order = "order by kind = 'title' desc, id"
        if self.uses_fts5:
            query = " ".join(f'"{word}"*' for word in words)
            matching = "id in (select rowid from words where words match ?)"
            return self.memory.execute(f"{_ROWS} where {matching} {order}", (query,)).fetchall()
        rows = self.memory.execute(f"{_ROWS} {order}").fetchall()
        return [row for row in rows if _has_all(row[-1], words)]

    def _fill(self, connection: Connection, only: set[str] | None) -> None:
        """All texts anew, or those of the assessments named."""
        with self.memory:
            if only is None:
                self.memory.execute("delete from texts")
                if self.uses_fts5:
                    self.memory.execute("insert into words(words) values ('delete-all')")
            for name in sorted(only or ()):
                self._forget(name)
            self._add(_texts(connection, only))

    def _forget(self, assessment_id: str) -> None:
        rows = self.memory.execute(
            "select id, said from texts where assessment_id = ?", (assessment_id,)
        ).fetchall()
        if self.uses_fts5:
            self.memory.executemany(
                "insert into words(words, rowid, said) values ('delete', ?, ?)", rows
            )
        self.memory.execute("delete from texts where assessment_id = ?", (assessment_id,))

    def _add(self, texts: Iterable[Text]) -> None:
        (last,) = self.memory.execute("select coalesce(max(id), 0) from texts").fetchone()
        rows = [(number, *astuple(text)) for number, text in enumerate(texts, last + 1)]
        self.memory.executemany("insert into texts values (?, ?, ?, ?, ?, ?, ?)", rows)
        if self.uses_fts5:
            self.memory.executemany(
                "insert into words (rowid, said) values (?, ?)",
                [(row[0], row[-1]) for row in rows],
            )


def _changed(connection: Connection, start: int, end: int) -> set[str]:
    """The assessments that the entries from start to end are about."""
    said = [body.read(store.entry(connection, seq)) for seq in range(start, end)]
    found = {item["id"] for item in said if item["kind"] == "assessment"}
    comments = {item["id"] for item in said if item["kind"] == "comment"}
    about = (
        select(thread.c.assessment_id)
        .join(comment, comment.c.thread_id == thread.c.id)
        .where(comment.c.id.in_(comments))
    )
    return found | set(connection.execute(about).scalars())


def _texts(connection: Connection, only: set[str] | None) -> Iterator[Text]:
    def wanted(query: Any, column: Any) -> Any:
        return query if only is None else query.where(column.in_(only))

    titles = wanted(select(assessment.c.id, assessment.c.title), assessment.c.id)
    for row in connection.execute(titles.order_by(assessment.c.updated_at.desc())):
        yield Text("title", row.id, "", "", "everyone", row.title)
    answers = select(
        answer.c.assessment_id, answer.c.question_id, answer.c.value, answer.c.note
    ).where(answer.c.status != CLEARED)
    templates = _Templates(connection)
    for row in connection.execute(wanted(answers, answer.c.assessment_id)):
        question = templates.question(row.assessment_id, row.question_id)
        said = " · ".join([*_said(question, row.value), *([row.note] if row.note else [])])
        if said:
            yield Text("answer", row.assessment_id, row.question_id, "", "everyone", said)
    comments = (
        select(thread.c.assessment_id, thread.c.id, thread.c.object_id, thread.c.visibility,
               comment.c.text)
        .join(comment, comment.c.thread_id == thread.c.id)
        .where(comment.c.erased_at.is_(None))
    )  # fmt: skip
    for row in connection.execute(wanted(comments, thread.c.assessment_id)):
        yield Text("comment", row.assessment_id, row.id, row.object_id, row.visibility, row.text)


class _Templates:
    """The questions behind answers; one of a repeated section is that of its last part."""

    def __init__(self, connection: Connection) -> None:
        columns = (assessment.c.id, assessment.c.template_id, assessment.c.template_version,
                   assessment.c.language)  # fmt: skip
        self._known: dict[tuple[str, str, str], Template | None] = {}
        self._rows = {row["id"]: row for row in connection.execute(select(*columns)).mappings()}

    def question(self, assessment_id: str, question_id: str) -> Question | None:
        row = self._rows[assessment_id]
        key = (row["template_id"], row["template_version"], row["language"])
        if key not in self._known:
            self._known[key] = _template(row)
        template = self._known[key]
        if template is None:
            return None
        last = question_id.rpartition("/")[2]
        return template.by_id.get(question_id) or template.by_id.get(last)


def _template(row: RowMapping) -> Template | None:
    """The template of a row; None when this installation has it no more, asked once an index."""
    try:
        return template_for(row)
    except WorkbenchError:
        return None


def _said(question: Question | None, value: Any) -> Iterator[str]:
    """What a reader sees of an answer: its texts and the titles of chosen options; no codes."""
    if question is None:
        yield from (item for item in [value] if isinstance(item, str))
    elif question.type is Type.TABLE:
        for row in value or ():
            for column in question.columns:
                yield from _words(column.shape, row.get(column.id))
    else:
        yield from _words(question.shape, value)


def _words(shape: Shape, value: Any) -> Iterator[str]:
    titles = {option.id: option.title for option in shape.options}
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str) or not item:
            continue
        if item in titles:
            yield titles[item]
        elif shape.type in _TEXTS:
            yield item


def _has_all(said: str, words: list[str]) -> bool:
    found = _WORD.findall(said.casefold())
    return all(any(word.startswith(wanted) for word in found) for wanted in words)
