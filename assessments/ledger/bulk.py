"""Whole subtrees hashed and compared at once, for reading a large ledger again.

A chunk is a power of two of entries that begins at a multiple of itself, so its nodes form a perfect
tree of their own. Where anything differs nothing is said here: the entries are then read one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, text

from assessments.ledger import tree

_BODIES = text("select seq, body from ledger_entry where seq >= :start and seq < :end order by seq")
_NODES = text(
    "select hash from ledger_node "
    "where level = :level and idx >= :start and idx < :end order by idx"
)


def read_bodies(connection: Connection, start: int, end: int) -> list[bytes] | None:
    """The bodies of entries [start, end), or None when one is absent or is not bytes."""
    rows = connection.execute(_BODIES, {"start": start, "end": end}).all()
    if [row[0] for row in rows] != list(range(start, end)):
        return None
    return _plain(row[1] for row in rows)


def hash_bodies(bodies: list[bytes]) -> list[list[bytes]]:
    """Every level of the tree over these bodies, leaf hashes first."""
    sha256 = hashlib.sha256
    return tree.perfect_levels([sha256(b"\x00" + body).digest() for body in bodies])


def are_stored(connection: Connection, start: int, levels: list[list[bytes]]) -> bool:
    """Whether the stored nodes over the chunk at ``start`` are exactly these."""
    for level, digests in enumerate(levels):
        first = start >> level
        places = {"level": level, "start": first, "end": first + len(digests)}
        rows = connection.execute(_NODES, places).all()
        if _plain(row[0] for row in rows) != digests:
            return False
    return True


def roots_within(
    edge: tree.Edge, levels: list[list[bytes]], stops: Iterable[int]
) -> dict[int, bytes]:
    """The roots of the tree at sizes inside the chunk that begins where the edge ends."""
    return {stop: _root_at(edge, levels, stop - edge.size) for stop in stops}


def _root_at(edge: tree.Edge, levels: list[list[bytes]], count: int) -> bytes:
    partial = tree.Edge(edge.size, list(edge.nodes))
    done = 0
    for level in reversed(range(count.bit_length())):
        if count >> level & 1:
            partial.nodes.append(levels[level][done >> level])
            done += 1 << level
    return partial.root()


def _plain(values: Iterable[object]) -> list[bytes] | None:
    """Bytes as they are stored, or None: an editor of the file may have left something else."""
    found = list(values)
    if all(type(value) is bytes for value in found):
        return found  # type: ignore[return-value]
    if all(isinstance(value, bytes | memoryview) for value in found):
        return [bytes(value) for value in found]  # type: ignore[call-overload]
    return None
