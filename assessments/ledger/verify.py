"""Reading the whole ledger with suspicion: every body is hashed again.

Triggers only keep honest programs from mistakes. What shows a hostile edit is the re-hash of all
bodies against the stored nodes and against every signed checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from assessments.errors import BadInput
from assessments.ledger import body, tree
from assessments.ledger.checkpoint import open_checkpoint
from assessments.ledger.note import Verifier
from assessments.ledger.tables import (
    ledger_checkpoint,
    ledger_entry,
    ledger_node,
    ledger_private,
)

Verdict = Literal["VALID", "INVALID", "INCOMPLETE"]
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class LedgerVerification:
    """The outcome: how many bodies were hashed, the root they give, and every problem found."""

    verdict: Verdict
    size: int
    root: str
    checked: int
    checkpoints: int
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def verify_ledger(connection: Connection, verifiers: Sequence[Verifier]) -> LedgerVerification:
    """Hash everything again and compare; INCOMPLETE when no checkpoint or no key says what to expect."""
    stored = {(r.level, r.idx): bytes(r.hash) for r in connection.execute(select(ledger_node))}
    rebuilt: dict[tuple[int, int], bytes] = {}
    problems: list[str] = []
    count = 0
    for seq, raw in _bodies(connection):
        if seq != count:
            problems.append(f"entry {count} is missing; the next one is {seq}")
            break
        for level, index, digest in tree.new_nodes(
            seq, tree.hash_leaf(raw), lambda level, index: rebuilt[level, index]
        ):
            rebuilt[level, index] = digest
            if stored.get((level, index)) != digest:
                problems.append(
                    f"entry {seq} does not match its stored hash (node {level}/{index})"
                )
        count += 1
    problems += _surplus_nodes(connection, len(rebuilt))
    notes = _check_checkpoints(connection, verifiers, rebuilt, count, problems)
    problems += _check_private(connection)
    root = tree.range_root(0, count, lambda level, index: rebuilt[level, index])
    verdict: Verdict = "INVALID" if problems else "VALID" if notes and verifiers else "INCOMPLETE"
    if verdict == "INCOMPLETE":
        problems.append("no signed checkpoint to compare with; run: privacy ledger checkpoint")
    return LedgerVerification(verdict, count, root.hex(), count, notes, tuple(problems))


def _bodies(connection: Connection) -> Iterator[tuple[int, bytes]]:
    last = -1
    while True:
        rows = connection.execute(
            select(ledger_entry).where(ledger_entry.c.seq > last)
            .order_by(ledger_entry.c.seq).limit(BATCH)
        ).all()  # fmt: skip
        if not rows:
            return
        yield from ((row.seq, _raw(row.body)) for row in rows)
        last = rows[-1].seq


def _surplus_nodes(connection: Connection, expected: int) -> list[str]:
    found = connection.execute(select(func.count()).select_from(ledger_node)).scalar_one()
    return [f"{found - expected} stored hashes belong to no entry"] if found > expected else []


def _check_checkpoints(
    connection: Connection,
    verifiers: Sequence[Verifier],
    nodes: dict[tuple[int, int], bytes],
    count: int,
    problems: list[str],
) -> int:
    rows = connection.execute(select(ledger_checkpoint).order_by(ledger_checkpoint.c.size)).all()
    for row in rows:
        if not verifiers:
            break
        try:
            found = open_checkpoint(row.note, verifiers)
        except BadInput as error:
            problems.append(f"checkpoint at {row.size}: {error.title.lower()}")
            continue
        if found.size > count:
            problems.append(f"the checkpoint names {found.size} entries, the ledger has {count}")
        elif found.root != tree.range_root(0, found.size, lambda lv, ix: nodes[lv, ix]):
            problems.append(f"the first {found.size} entries are not those that were signed")
    return len(rows)


def _check_private(connection: Connection) -> list[str]:
    rows = connection.execute(select(ledger_private)).all()
    return [
        f"the private payload of entry {row.seq} does not match its commitment"
        for row in rows
        if body.commit(_raw(row.salt), _raw(row.payload)) != row.commitment
    ]


def _raw(value: bytes | str) -> bytes:
    """Bytes as stored; an editor of the file may have left text in a column of bytes."""
    return value.encode() if isinstance(value, str) else bytes(value)
