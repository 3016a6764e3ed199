"""``.tlog-proof`` files (C2SP): an entry's place in the tree, with the checkpoint that names it.

Consistency between two checkpoints travels as plain base64 lines beside the two notes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from assessments.errors import BadInput
from assessments.ledger import store, tree
from assessments.ledger.checkpoint import Checkpoint, open_checkpoint
from assessments.ledger.note import Verifier, decode_base64, decode_decimal, split

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
MAX_PROOF = 1_100_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed proof; nothing is verified yet."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    @property
    def text(self) -> str:
        """The file's content."""
        return f"{HEADER}\nindex {self.index}\n{write_hashes(self.path)}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof strictly, or BadInput; an ``extra`` line is allowed and never trusted."""
        head, gap, checkpoint = text[:MAX_PROOF].partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADER or not gap or len(text) > MAX_PROOF:
            raise BadInput("This is not a tlog proof", f"Its first line should be {HEADER}.")
        if len(lines) > 1 and lines[1].startswith("extra "):
            decode_base64(lines.pop(1)[6:], "The proof's extra line is malformed")
        if len(lines) < 2 or not lines[1].startswith("index "):
            raise BadInput("The proof's index line is malformed")
        index = decode_decimal(lines[1][6:], "The proof's index line is malformed")
        return cls(index, tuple(read_hashes(lines[2:])), checkpoint)


def make_proof(connection: Connection, seq: int, checkpoint: str) -> str:
    """The proof that entry ``seq`` is in the tree that the checkpoint names."""
    size = Checkpoint.parse(split(checkpoint)[0]).size
    return Proof(seq, tuple(store.inclusion_proof(connection, seq, size)), checkpoint).text


def verify_proof(text: str, body: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The signed checkpoint that includes ``body``, or BadInput saying what does not hold."""
    proof = Proof.parse(text)
    checkpoint = open_checkpoint(proof.checkpoint, verifiers)
    leaf = tree.hash_leaf(body)
    if not tree.verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root):
        raise BadInput("The entry is not in the tree that the checkpoint names", field="proof")
    return checkpoint


def make_consistency(connection: Connection, old: Checkpoint, new: Checkpoint) -> str:
    """The base64 lines that show the old checkpoint's tree to be a prefix of the new one's."""
    if old.size == 0:
        return ""
    return write_hashes(store.consistency_proof(connection, old.size, new.size))


def verify_consistency(
    old_note: str, new_note: str, proof: str, verifiers: Sequence[Verifier]
) -> tuple[Checkpoint, Checkpoint]:
    """Both checkpoints when the new one continues the old one, or BadInput."""
    old, new = open_checkpoint(old_note, verifiers), open_checkpoint(new_note, verifiers)
    path = read_hashes(proof.splitlines())
    if old.size == 0:
        continues = not path and old.root == tree.EMPTY_ROOT
    else:
        continues = tree.verify_consistency(old.size, new.size, old.root, new.root, path)
    if not continues:
        raise BadInput("The new checkpoint does not continue the old one", field="proof")
    return old, new


def write_hashes(path: Sequence[bytes]) -> str:
    """One base64 hash a line."""
    return "".join(f"{base64.b64encode(digest).decode()}\n" for digest in path)


def read_hashes(lines: Sequence[str]) -> list[bytes]:
    """The hashes, or BadInput when one is none or there are more than any tree needs."""
    title = "A hash of the proof is malformed"
    if len(lines) > MAX_HASHES:
        raise BadInput("The proof has more hashes than any tree needs")
    found = [decode_base64(line, title) for line in lines]
    if any(len(digest) != tree.HASH_SIZE for digest in found):
        raise BadInput(title)
    return found
