"""Checkpoints (C2SP tlog-checkpoint): the ledger's size and root under a signature.

The signer remembers what it signed: a smaller tree, or one of which the last checkpoint is not a
prefix, is refused. Rolling back or rewriting history then shows.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from assessments.errors import BadInput, Refused
from assessments.ledger import store, tree
from assessments.ledger.note import Signer, Verifier, open_note, sign_note
from assessments.ledger.tables import ledger_checkpoint


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Three lines: origin, size, base64 of the root."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text strictly, or BadInput."""
        lines = text.split("\n")
        try:
            origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
        except (IndexError, ValueError, binascii.Error) as error:
            raise BadInput("This is not a checkpoint", "Expected origin, size and root.") from error
        if not origin or not size.isdecimal() or str(int(size)) != size:
            raise BadInput("The checkpoint's origin or size is malformed")
        if len(root) != tree.HASH_SIZE:
            raise BadInput("The checkpoint's root is not a SHA-256")
        return cls(origin, int(size), root)


def open_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """A checkpoint that a known key signed under its own origin, or BadInput."""
    text, signed_by = open_note(note, verifiers)
    found = Checkpoint.parse(text)
    if found.origin not in signed_by:
        raise BadInput("The checkpoint is not signed by the log that it names", field="origin")
    return found


def make_checkpoint(connection: Connection, signers: Sequence[Signer], now: datetime) -> str:
    """Sign the present tree and keep the note; the same tree keeps its first note."""
    size = store.size(connection)
    if size == 0:
        raise Refused("There is nothing to checkpoint yet", "The ledger is empty.")
    kept = connection.execute(
        select(ledger_checkpoint.c.note).where(ledger_checkpoint.c.size == size)
    ).scalar()
    _check_history(connection, [signer.verifier for signer in signers])
    if kept is not None:
        return str(kept)
    signed = Checkpoint(signers[0].name, size, store.root(connection, size))
    note = sign_note(signed.text, signers)
    connection.execute(
        insert(ledger_checkpoint).values(size=size, note=note, at=now.isoformat(timespec="seconds"))
    )
    return note


def latest_checkpoint(connection: Connection) -> str | None:
    """The newest note, if any was made."""
    return connection.execute(
        select(ledger_checkpoint.c.note).order_by(ledger_checkpoint.c.size.desc()).limit(1)
    ).scalar()


def _check_history(connection: Connection, verifiers: Sequence[Verifier]) -> None:
    previous = latest_checkpoint(connection)
    if previous is None:
        return
    last = open_checkpoint(previous, verifiers)
    size = store.size(connection)
    if size < last.size or not tree.verify_consistency(
        last.size,
        size,
        last.root,
        store.root(connection, size),
        store.consistency_proof(connection, last.size, size),
    ):
        raise Refused(
            "The ledger is not a continuation of its last checkpoint",
            "Entries were removed or changed. Run: privacy ledger verify",
        )
