"""Appending to the ledger and reading proofs from it, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, TextClause, insert, select, text

from assessments.errors import NotFound
from assessments.ledger import tree
from assessments.ledger.tables import ledger_entry, ledger_node

T = TypeVar("T")

ADVISORY_LOCK = 6962
_NODE = "select hash from ledger_node where level = ? and idx = ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its sequence number (the leaf index) and its canonical JSON."""

    seq: int
    body: bytes


def append(connection: Connection, body: bytes) -> int:
    """Append a body; returns its sequence number. The caller's transaction holds the write lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    seq = size(connection)
    nodes = tree.new_nodes(seq, tree.hash_leaf(body), _reader(connection))
    connection.execute(insert(ledger_entry).values(seq=seq, body=body))
    rows: list[dict[str, Any]] = [
        {"level": level, "idx": index, "hash": digest} for level, index, digest in nodes
    ]
    connection.execute(insert(ledger_node), rows)
    return seq


def size(connection: Connection) -> int:
    """How many entries there are."""
    newest = "select coalesce(max(seq), -1) from ledger_entry"
    return int(connection.exec_driver_sql(newest).scalar_one()) + 1


def root(connection: Connection, at: int | None = None) -> bytes:
    """The root hash of the first ``at`` entries (all by default)."""
    end = size(connection) if at is None else at
    return _with_nodes(connection, lambda read: tree.range_root(0, end, read))


def inclusion_proof(connection: Connection, seq: int, at: int | None = None) -> list[bytes]:
    """The audit path of entry ``seq`` in the tree of size ``at``."""
    end = size(connection) if at is None else at
    return _with_nodes(connection, lambda read: tree.inclusion_path(seq, end, read))


def consistency_proof(connection: Connection, old: int, new: int | None = None) -> list[bytes]:
    """The proof that the first ``old`` entries are a prefix of the first ``new``."""
    end = size(connection) if new is None else new
    return _with_nodes(connection, lambda read: tree.consistency_path(old, end, read))


def entry(connection: Connection, seq: int) -> Entry:
    """One entry, or NotFound."""
    body = connection.execute(select(ledger_entry.c.body).where(ledger_entry.c.seq == seq)).scalar()
    if body is None:
        raise NotFound(f"The ledger has no entry {seq}", field="seq")
    return Entry(seq, body)


def entries(connection: Connection, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """A page of entries, newest first, older than ``before``."""
    query = select(ledger_entry).order_by(ledger_entry.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(ledger_entry.c.seq < before)
    return [Entry(row.seq, row.body) for row in connection.execute(query)]


def _with_nodes(connection: Connection, compute: Callable[[tree.NodeReader], T]) -> T:
    """Compute from stored nodes, on a server in one query.

    Nodes never change, so SQLite's are read one by one with its own cursor: twenty lookups in the
    same process cost less than preparing one statement for all of them.
    """
    if connection.dialect.name == "sqlite":
        return compute(_lookup(connection))
    return _in_one_query(connection, compute)


def _lookup(connection: Connection) -> tree.NodeReader:
    look = connection.connection.cursor().execute

    def read(level: int, index: int) -> bytes:
        row = look(_NODE, (level, index)).fetchone()
        if row is None:
            raise _missing(level, index)
        return bytes(row[0])

    return read


def _in_one_query(connection: Connection, compute: Callable[[tree.NodeReader], T]) -> T:
    """Which nodes a tree rule reads never depends on what they hold."""
    wanted: set[tuple[int, int]] = set()

    def note_down(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return tree.EMPTY_ROOT

    compute(note_down)
    places = {
        f"{kind}{number}": value
        for number, place in enumerate(wanted)
        for kind, value in zip("li", place, strict=True)
    }
    rows = connection.execute(_select_nodes(len(wanted)), places) if wanted else ()
    found = {(level, index): bytes(digest) for level, index, digest in rows}

    def read(level: int, index: int) -> bytes:
        try:
            return found[level, index]
        except KeyError:
            raise _missing(level, index) from None

    return compute(read)


@cache
def _select_nodes(count: int) -> TextClause:
    """One statement a number of nodes, so that it is prepared once: a proof reads about twenty."""
    places = " or ".join(f"(level = :l{n} and idx = :i{n})" for n in range(count))
    return text(f"select level, idx, hash from ledger_node where {places}")


def _missing(level: int, index: int) -> NotFound:
    return NotFound(f"The ledger lacks node {level}/{index}", "Run: privacy ledger verify")


def _reader(connection: Connection) -> tree.NodeReader:
    def read(level: int, index: int) -> bytes:
        found = connection.execute(
            select(ledger_node.c.hash).where(
                ledger_node.c.level == level, ledger_node.c.idx == index
            )
        ).scalar()
        if found is None:
            raise _missing(level, index)
        return bytes(found)

    return read
