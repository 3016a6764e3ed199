"""``.tlog-proof`` files (C2SP): an entry's place in the tree, with the checkpoint that names it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from assessments.errors import BadInput
from assessments.ledger import store, tree
from assessments.ledger.checkpoint import Checkpoint, open_checkpoint
from assessments.ledger.note import Verifier

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed proof; nothing is verified yet."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The file's content."""
        hashes = "".join(f"{base64.b64encode(digest).decode()}\n" for digest in self.path)
        return f"{HEADER}\nindex {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof strictly, or BadInput."""
        head, gap, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADER or not gap:
            raise BadInput("This is not a tlog proof", f"Its first line should be {HEADER}.")
        if len(lines) > 1 and lines[1].startswith("extra "):
            del lines[1]
        index = lines[1].removeprefix("index ") if len(lines) > 1 else ""
        if not index.isdecimal() or len(lines) - 2 > MAX_HASHES:
            raise BadInput("The proof's index line is malformed")
        try:
            path = tuple(base64.b64decode(line, validate=True) for line in lines[2:])
        except (ValueError, binascii.Error) as error:
            raise BadInput("A hash of the proof is malformed") from error
        return cls(int(index), path, checkpoint)


def make_proof(connection: Connection, seq: int, checkpoint: str) -> str:
    """The proof that entry ``seq`` is in the tree that the checkpoint names."""
    text = checkpoint.rpartition("\n\n")[0] + "\n"
    size = Checkpoint.parse(text).size
    return Proof(seq, tuple(store.inclusion_proof(connection, seq, size)), checkpoint).text


def verify_proof(text: str, body: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The signed checkpoint that includes ``body``, or BadInput saying what does not hold."""
    proof = Proof.parse(text)
    checkpoint = open_checkpoint(proof.checkpoint, verifiers)
    leaf = tree.hash_leaf(body)
    if not tree.verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root):
        raise BadInput("The entry is not in the tree that the checkpoint names", field="proof")
    return checkpoint
