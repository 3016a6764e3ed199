"""Checkpoints (C2SP tlog-checkpoint): the ledger's size and root under a signature.

A checkpoint is signed only for a tree that is committed and that continues every earlier one: a
smaller tree, or one of which the last checkpoint is not a prefix, is refused. Rolling back or
rewriting history then shows.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, insert, select

from assessments.errors import BadInput, NotPossibleNow, Refused
from assessments.ledger import store, tree
from assessments.ledger.memory import Head
from assessments.ledger.note import (
    Note,
    Verifier,
    assemble,
    decode_base64,
    decode_decimal,
    open_note,
    split,
)
from assessments.ledger.tables import ledger_checkpoint, ledger_endorsement

Prover = Callable[[int], Sequence[bytes]]


class CheckpointSigner(Protocol):
    """Whatever holds the ledger's key: a file in this process, or another process."""

    @property
    def name(self) -> str:
        """The log's name, which is the checkpoint's first line."""

    @property
    def verifier(self) -> Verifier:
        """The newest public key."""

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """Every public key that its checkpoints were signed with, the newest first."""

    def sign_checkpoint(self, text: str, prove: Prover) -> Sequence[str]:
        """Signature lines, once ``prove(last size)`` shows that the last signed tree is a prefix."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Origin, size, base64 of the root, and extension lines."""
        encoded = base64.b64encode(self.root).decode()
        return "\n".join([self.origin, str(self.size), encoded, *self.extensions, ""])

    @property
    def head(self) -> Head:
        """What a signer remembers of it."""
        return Head(self.origin, self.size, self.root)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text strictly, or BadInput."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise BadInput("This is not a checkpoint", "Expected origin, size and root.")
        size = decode_decimal(lines[1], "The checkpoint's size is malformed")
        root = decode_base64(lines[2], "The checkpoint's root is malformed")
        if len(root) != tree.HASH_SIZE:
            raise BadInput("The checkpoint's root is not a SHA-256")
        return cls(lines[0], size, root, tuple(lines[3:]))


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """A checkpoint that a known key signed under its own origin, or BadInput."""
    return open_signed(note, verifiers)[0]


def open_signed(note: str, verifiers: Sequence[Verifier]) -> tuple[Checkpoint, Note]:
    """The checkpoint with every signature on it that a known key made."""
    opened = open_note(note, verifiers)
    found = Checkpoint.parse(opened.text)
    logs = {s.verifier.name for s in opened.signatures if not s.verifier.is_witness}
    if found.origin not in logs:
        raise BadInput("The checkpoint is not signed by the log that it names", field="origin")
    return found, opened


def check_continues(last: Head, asked: Head, path: Sequence[bytes]) -> None:
    """Refuse a smaller tree, and one that the last signed tree is not a prefix of."""
    if asked.size < last.size:
        raise Refused(
            "The ledger is smaller than its last checkpoint",
            f"{last.size} entries were signed for, {asked.size} are there. "
            "Run: privacy ledger verify",
        )
    if last.size and not tree.verify_consistency(
        last.size, asked.size, last.root, asked.root, path
    ):
        raise Refused(
            "The ledger is not a continuation of its last checkpoint",
            "Entries were removed or changed. Run: privacy ledger verify",
        )


def make_checkpoint(
    connection: Connection, signers: Sequence[CheckpointSigner], now: datetime
) -> str:
    """Sign the present tree and keep the note; the same tree keeps its first note."""
    size = store.size(connection)
    if size == 0:
        raise Refused("There is nothing to checkpoint yet", "The ledger is empty.")
    _check_committed(connection, size)
    asked = Checkpoint(signers[0].name, size, store.root(connection, size))
    _check_stored(connection, asked.head)
    known = [verifier for signer in signers for verifier in signer.verifiers]
    kept = note_at(connection, size)
    if kept is not None and _is_signed_by(kept, asked, [s.verifier for s in signers], known):
        return kept

    def prove(old: int) -> Sequence[bytes]:
        return store.consistency_proof(connection, old, size)

    lines = [line for signer in signers for line in signer.sign_checkpoint(asked.text, prove)]
    moment = now.isoformat(timespec="seconds")
    if kept is not None and Checkpoint.parse(split(kept)[0]) == asked:
        for line in lines:
            add_line(connection, size, line, now)
        return note_at(connection, size) or kept
    if kept is not None:
        raise NotPossibleNow(
            "This size was signed for under another name",
            "The next entry makes room for a checkpoint of the new name.",
        )
    note = assemble(asked.text, lines)
    connection.execute(insert(ledger_checkpoint).values(size=size, note=note, at=moment))
    return note


def add_line(connection: Connection, size: int, line: str, now: datetime) -> None:
    """Add a signature line to the checkpoint at ``size``; a line that it has stays single."""
    note = note_at(connection, size)
    if note is not None and line.rstrip("\n") not in split(note)[1]:
        connection.execute(
            insert(ledger_endorsement).values(
                size=size,
                kind="signature",
                content=line.encode(),
                at=now.isoformat(timespec="seconds"),
            )
        )


def note_at(connection: Connection, size: int) -> str | None:
    """The note at ``size`` with all signature lines that were added later."""
    note = connection.execute(
        select(ledger_checkpoint.c.note).where(ledger_checkpoint.c.size == size)
    ).scalar()
    if note is None:
        return None
    lines = connection.execute(
        select(ledger_endorsement.c.content)
        .where(ledger_endorsement.c.size == size, ledger_endorsement.c.kind == "signature")
        .order_by(ledger_endorsement.c.id)
    )
    return str(note) + "".join(bytes(line).decode() for line in lines.scalars())


def latest_checkpoint(connection: Connection) -> str | None:
    """The newest note, if any was made."""
    newest = connection.execute(
        select(ledger_checkpoint.c.size).order_by(ledger_checkpoint.c.size.desc()).limit(1)
    ).scalar()
    return None if newest is None else note_at(connection, newest)


def _is_signed_by(
    note: str, asked: Checkpoint, wanted: Sequence[Verifier], known: Sequence[Verifier]
) -> bool:
    try:
        found, opened = open_signed(note, known)
    except BadInput:
        return False
    return found == asked and set(wanted) <= {s.verifier for s in opened.signatures}


def _check_committed(connection: Connection, size: int) -> None:
    """A signature cannot be taken back, a transaction can: sign only what is committed."""
    with connection.engine.connect().execution_options(is_read=True) as other:
        committed = store.size(other)
    if committed != size:
        raise NotPossibleNow(
            "The ledger has entries that are not committed yet",
            "A checkpoint is signed in a change of its own.",
        )


def _check_stored(connection: Connection, asked: Head) -> None:
    previous = latest_checkpoint(connection)
    if previous is None:
        return
    last = Checkpoint.parse(split(previous)[0]).head
    path: Sequence[bytes] = []
    if 0 < last.size <= asked.size:
        path = store.consistency_proof(connection, last.size, asked.size)
    check_continues(last, asked, path)
