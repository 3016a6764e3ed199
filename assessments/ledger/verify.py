"""Reading the whole ledger with suspicion: every body is hashed again.

Triggers only keep honest programs from mistakes. What shows a hostile edit is the re-hash of all
bodies against the stored nodes, every signed checkpoint, and heads that were kept elsewhere. Memory
stays small whatever the size: bodies are read in chunks, and only the tree's right edge is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from assessments.errors import BadInput
from assessments.ledger import body, bulk, tree
from assessments.ledger.checkpoint import note_at, open_checkpoint
from assessments.ledger.memory import Head
from assessments.ledger.note import Verifier
from assessments.ledger.tables import (
    ledger_checkpoint,
    ledger_entry,
    ledger_node,
    ledger_private,
)

Verdict = Literal["VALID", "INVALID", "INCOMPLETE"]
CHUNK = 4096
"""A power of two; whole chunks are compared at once."""
_ERASED = body.ERASED.encode()
MAX_PROBLEMS = 100
NO_CHECKPOINT = "no signed checkpoint to compare with; run: privacy ledger checkpoint"


@dataclass(frozen=True, slots=True)
class LedgerVerification:
    """The outcome: bodies hashed, the root they give, how far signatures reach, every problem."""

    verdict: Verdict
    size: int
    root: str
    checked: int
    checkpoints: int
    covered: int
    erased: int
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


@dataclass(slots=True)
class _Reading:
    """One pass over the entries."""

    connection: Connection
    edge: tree.Edge = field(default_factory=tree.Edge)
    problems: list[str] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)
    absent: dict[str, int] = field(default_factory=dict)
    erasures: set[str] = field(default_factory=set)
    checked: int = 0

    def report(self, problem: str) -> None:
        """Keep the first problems; after those the rest adds nothing."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def verify_ledger(
    connection: Connection, verifiers: Sequence[Verifier], kept: Sequence[Head] = ()
) -> LedgerVerification:
    """Hash everything again and compare with nodes, checkpoints and the ``kept`` heads.

    INCOMPLETE when no checkpoint, or no key, says what to expect.
    """
    reading = _Reading(connection)
    notes = _open_checkpoints(reading, verifiers)
    heads = [*notes, *kept]
    _read_entries(reading, sorted({head.size for head in heads}))
    _check_surplus(reading)
    _check_heads(reading, notes, "checkpoint")
    _check_heads(reading, kept, "head kept elsewhere")
    _check_erasures(reading)
    verdict: Verdict = "INVALID" if reading.problems else "VALID" if notes else "INCOMPLETE"
    if verdict == "INCOMPLETE":
        reading.report(NO_CHECKPOINT)
    return LedgerVerification(
        verdict,
        reading.edge.size,
        reading.edge.root().hex(),
        reading.checked,
        len(notes),
        max((head.size for head in notes), default=0),
        len(reading.absent),
        tuple(reading.problems),
    )


def _open_checkpoints(reading: _Reading, verifiers: Sequence[Verifier]) -> list[Head]:
    sizes = reading.connection.execute(
        select(ledger_checkpoint.c.size).order_by(ledger_checkpoint.c.size)
    )
    found: list[Head] = []
    for size in sizes.scalars().all() if verifiers else ():
        try:
            opened = open_checkpoint(note_at(reading.connection, size) or "", verifiers)
        except (BadInput, UnicodeError) as error:
            reading.report(f"checkpoint at {size}: {str(error).splitlines()[0].lower()}")
            continue
        if opened.size != size:
            reading.report(f"checkpoint at {size}: it names {opened.size} entries")
        found.append(opened.head)
    return found


def _read_entries(reading: _Reading, stops: Sequence[int]) -> None:
    wanted = set(stops)
    if 0 in wanted:
        reading.roots[0] = tree.EMPTY_ROOT
    for start, end in _chunks(reading.connection):
        if end - start == CHUNK and _read_chunk(reading, start, end, wanted):
            continue
        bodies = _bodies(reading.connection, start, end)
        stored = _stored_nodes(reading.connection, start, end)
        named: dict[str, int] = {}
        for seq in range(start, end):
            leaf = _leaf(reading, seq, bodies.get(seq), stored, named)
            if leaf is None:
                break
            for level, index, digest in reading.edge.add(leaf):
                if stored.get((level, index)) != digest:
                    _report_node(reading, seq, level, index, digest)
            if reading.edge.size in wanted:
                reading.roots[reading.edge.size] = reading.edge.root()
        _check_private(reading, start, end, named)
        if reading.edge.size < end:
            return


def _read_chunk(reading: _Reading, start: int, end: int, wanted: set[int]) -> bool:
    """Take a whole chunk when all of it is as stored; otherwise nothing is taken, and False."""
    bodies = bulk.read_bodies(reading.connection, start, end)
    if bodies is None:
        return False
    levels = bulk.hash_bodies(bodies)
    if not bulk.are_stored(reading.connection, start, levels):
        return False
    inside = [stop for stop in wanted if start < stop < end]
    reading.roots |= bulk.roots_within(reading.edge, levels, inside)
    _, *above = reading.edge.add(levels[-1][0], len(levels) - 1)
    for level, index, digest in above:
        _check_node(reading, end - 1, level, index, digest)
    if end in wanted:
        reading.roots[end] = reading.edge.root()
    named: dict[str, int] = {}
    for seq, raw in enumerate(bodies, start):
        if not _names_nothing(raw):
            _note_commitment(reading, seq, raw, named)
    reading.checked += len(bodies)
    _check_private(reading, start, end, named)
    return True


def _check_node(reading: _Reading, seq: int, level: int, index: int, digest: bytes) -> None:
    stored = reading.connection.execute(
        select(ledger_node.c.hash).where(ledger_node.c.level == level, ledger_node.c.idx == index)
    ).scalar()
    if stored is None or _raw(stored) != digest:
        _report_node(reading, seq, level, index, digest)


def _leaf(
    reading: _Reading,
    seq: int,
    raw: bytes | None,
    stored: dict[tuple[int, int], bytes],
    named: dict[str, int],
) -> bytes | None:
    """The leaf hash of a body; of a missing body the stored one, so that the reading goes on."""
    if raw is None:
        reading.report(f"entry {seq} is missing")
        return stored.get((0, seq))
    reading.checked += 1
    if not _names_nothing(raw):
        _note_commitment(reading, seq, raw, named)
    return tree.hash_leaf(raw)


def _report_node(reading: _Reading, seq: int, level: int, index: int, digest: bytes) -> None:
    if level:
        reading.report(f"entry {seq} does not match its stored hash (node {level}/{index})")
        return
    elsewhere = reading.connection.execute(
        select(ledger_node.c.idx).where(ledger_node.c.level == 0, ledger_node.c.hash == digest)
    ).scalar()
    moved = "" if elsewhere is None else f"; it is the body that was entry {elsewhere}"
    reading.report(f"entry {seq} does not match its stored hash{moved}")


def _names_nothing(raw: bytes) -> bool:
    """Whether a body plainly names no private payload and erases none."""
    return b'"commitment":null' in raw and _ERASED not in raw


def _note_commitment(reading: _Reading, seq: int, raw: bytes, named: dict[str, int]) -> None:
    try:
        said = json.loads(raw)
        if said["action"] == body.ERASED:
            reading.erasures.add(str(said["facts"]["erased"]))
        if said["commitment"] is not None:
            named[str(said["commitment"])] = seq
    except (ValueError, KeyError, TypeError, RecursionError):
        reading.report(f"entry {seq} cannot be read")


def _chunks(connection: Connection) -> Iterator[tuple[int, int]]:
    newest = connection.execute(select(func.max(ledger_entry.c.seq))).scalar()
    end = 0 if newest is None else int(newest) + 1
    for start in range(0, end, CHUNK):
        yield start, min(start + CHUNK, end)


def _bodies(connection: Connection, start: int, end: int) -> dict[int, bytes]:
    rows = connection.execute(
        select(ledger_entry).where(ledger_entry.c.seq >= start, ledger_entry.c.seq < end)
    )
    return {row.seq: _raw(row.body) for row in rows}


def _stored_nodes(connection: Connection, start: int, end: int) -> dict[tuple[int, int], bytes]:
    """The nodes that the leaves [start, end) complete."""
    found: dict[tuple[int, int], bytes] = {}
    for level in range(end.bit_length()):
        rows = connection.execute(
            select(ledger_node.c.idx, ledger_node.c.hash).where(
                ledger_node.c.level == level,
                ledger_node.c.idx >= start >> level,
                ledger_node.c.idx < end >> level,
            )
        )
        found |= {(level, row.idx): _raw(row.hash) for row in rows}
    return found


def _check_surplus(reading: _Reading) -> None:
    size = reading.edge.size
    expected = sum(size >> level for level in range(size.bit_length()))
    found = reading.connection.execute(select(func.count()).select_from(ledger_node)).scalar_one()
    if found > expected:
        reading.report(f"{found - expected} stored hashes belong to no entry")


def _check_heads(reading: _Reading, heads: Sequence[Head], what: str) -> None:
    for head in heads:
        if head.size > reading.edge.size:
            reading.report(
                f"a {what} names {head.size} entries, the ledger has {reading.edge.size}"
            )
        elif head.root != reading.roots[head.size]:
            reading.report(f"the first {head.size} entries are not those that were signed ({what})")


def _check_private(reading: _Reading, start: int, end: int, named: dict[str, int]) -> None:
    """Payloads match the commitments that the entries [start, end) name; absent ones are noted."""
    rows = reading.connection.execute(
        select(ledger_private).where(ledger_private.c.seq >= start, ledger_private.c.seq < end)
    )
    for row in rows:
        if named.pop(row.commitment, None) != row.seq:
            reading.report(f"a private payload claims entry {row.seq}, which does not name it")
        if not body.is_committed(_raw(row.salt), _raw(row.payload), row.commitment):
            reading.report(f"the private payload of entry {row.seq} does not match its commitment")
    reading.absent |= named


def _check_erasures(reading: _Reading) -> None:
    for commitment, seq in reading.absent.items():
        if commitment not in reading.erasures:
            reading.report(f"the private payload of entry {seq} is gone without an erasure entry")
    stray = reading.connection.execute(
        select(func.count())
        .select_from(ledger_private)
        .where((ledger_private.c.seq >= reading.edge.size) | (ledger_private.c.seq < 0))
    ).scalar_one()
    if stray:
        reading.report(f"{stray} private payloads belong to no entry")


def _raw(value: bytes | str) -> bytes:
    """Bytes as stored; an editor of the file may have left text in a column of bytes."""
    return value.encode() if isinstance(value, str) else bytes(value)
