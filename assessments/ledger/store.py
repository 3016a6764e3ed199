"""Appending to the ledger and reading proofs from it, inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from assessments.errors import NotFound
from assessments.ledger import tree
from assessments.ledger.tables import ledger_entry, ledger_node

ADVISORY_LOCK = 6962


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
    newest = select(func.coalesce(func.max(ledger_entry.c.seq), -1))
    return int(connection.execute(newest).scalar_one()) + 1


def root(connection: Connection, at: int | None = None) -> bytes:
    """The root hash of the first ``at`` entries (all by default)."""
    return tree.range_root(0, size(connection) if at is None else at, _reader(connection))


def inclusion_proof(connection: Connection, seq: int, at: int | None = None) -> list[bytes]:
    """The audit path of entry ``seq`` in the tree of size ``at``."""
    return tree.inclusion_path(seq, size(connection) if at is None else at, _reader(connection))


def consistency_proof(connection: Connection, old: int, new: int | None = None) -> list[bytes]:
    """The proof that the first ``old`` entries are a prefix of the first ``new``."""
    return tree.consistency_path(old, size(connection) if new is None else new, _reader(connection))


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


def _reader(connection: Connection) -> tree.NodeReader:
    def read(level: int, index: int) -> bytes:
        found = connection.execute(
            select(ledger_node.c.hash).where(
                ledger_node.c.level == level, ledger_node.c.idx == index
            )
        ).scalar()
        if found is None:
            raise NotFound(f"The ledger lacks node {level}/{index}", "Run: privacy ledger verify")
        return bytes(found)

    return read
