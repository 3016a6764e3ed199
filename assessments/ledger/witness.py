"""Witnesses (C2SP tlog-witness, tlog-cosignature): people outside who saw the ledger only grow.

A witness keeps the last head that it saw, demands proof that a new checkpoint continues it, and
adds a line with the time. Two witnesses that agree rule out that each was shown another history.
A request is text: ``old <size>``, consistency hashes, a blank line, the checkpoint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from assessments.errors import BadInput, CannotSay, Conflict
from assessments.ledger import store
from assessments.ledger.checkpoint import (
    Checkpoint,
    add_line,
    check_continues,
    open_checkpoint,
    open_signed,
)
from assessments.ledger.memory import Memory
from assessments.ledger.note import (
    Cosigner,
    Signed,
    Verifier,
    check_name,
    decode_decimal,
    open_note,
    split,
)
from assessments.ledger.proof import MAX_PROOF, read_hashes, write_hashes
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8

KEY_FILE = "witness.key.pem"
VKEY_FILE = "witness.vkey"


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigning key, the logs that it watches, and the folder with what it saw of each."""

    cosigner: Cosigner
    logs: tuple[Verifier, ...]
    folder: Path

    def memory(self, origin: str) -> Memory:
        """What this witness saw last of one log."""
        return Memory(self.folder / f"seen-{hashlib.sha256(origin.encode()).hexdigest()[:16]}.json")

    def cosign(self, request: str, at: datetime) -> str:
        """The signature line, once the checkpoint is shown to continue what was seen before."""
        old, path, note = parse_request(request)
        asked = open_checkpoint(note, self.logs)
        memory = self.memory(asked.origin)
        with memory.locked():
            last = memory.last()
            seen = last.size if last else 0
            if seen != old:
                raise Conflict(f"The witness has seen {seen} entries", f"Prove growth from {seen}.")
            if last is not None:
                check_continues(last, asked.head, path)
            memory.remember(asked.head)
        return self.cosigner.signature_line(asked.text, int(at.timestamp()))


def create_witness(folder: Path, name: str, passphrase: str) -> Verifier:
    """Make a witness's key; an existing one is never overwritten."""
    path = folder / KEY_FILE
    if path.exists():
        raise BadInput("The witness has a key already", where={"file": path.name})
    cosigner = Cosigner(check_name(name), Ed25519PrivateKey.generate())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(encrypt_pkcs8(cosigner.key, passphrase))
    (folder / VKEY_FILE).write_text(cosigner.verifier.vkey + "\n", encoding="utf-8")
    return cosigner.verifier


def open_witness(folder: Path, passphrase: str, logs: Sequence[Verifier]) -> Witness:
    """The witness in a folder, trusting these logs."""
    verifier = Verifier.parse((folder / VKEY_FILE).read_text(encoding="utf-8"))
    key = load_pkcs8((folder / KEY_FILE).read_bytes(), passphrase)
    if not isinstance(key, Ed25519PrivateKey) or Cosigner(verifier.name, key).verifier != verifier:
        raise BadInput("The witness's key does not match its published half", field="vkey")
    return Witness(Cosigner(verifier.name, key), tuple(logs), folder)


def make_request(connection: Connection, note: str, seen: int) -> str:
    """What to send to a witness that has seen ``seen`` entries."""
    size = Checkpoint.parse(split(note)[0]).size
    if not 0 <= seen <= size:
        raise BadInput(f"The checkpoint has {size} entries", field="seen")
    path = store.consistency_proof(connection, seen, size) if seen else []
    return f"old {seen}\n{write_hashes(path)}\n{note}"


def parse_request(text: str) -> tuple[int, list[bytes], str]:
    """Old size, consistency path and note, or BadInput."""
    head, gap, note = text[:MAX_PROOF].partition("\n\n")
    first, *hashes = head.split("\n")
    if not gap or not first.startswith("old ") or len(text) > MAX_PROOF:
        raise BadInput("This is not a request to a witness", "Its first line should be: old SIZE.")
    return decode_decimal(first[4:], "The old size is malformed"), read_hashes(hashes), note


def accept_line(
    connection: Connection, note: str, line: str, witnesses: Sequence[Verifier], now: datetime
) -> Signed:
    """Keep a witness's line under the checkpoint, once it is shown to be that witness's."""
    text, _ = split(note)
    line = line.rstrip("\n") + "\n"
    (signed,) = open_note(f"{text}\n{line}", [v for v in witnesses if v.is_witness]).signatures
    add_line(connection, Checkpoint.parse(text).size, line, now)
    return signed


def check_witnesses(
    note: str, logs: Sequence[Verifier], witnesses: Sequence[Verifier], needed: int
) -> tuple[Signed, ...]:
    """The cosignatures of known witnesses; CannotSay when fewer than ``needed`` distinct keys signed."""
    _, opened = open_signed(note, [*logs, *witnesses])
    found = {s.verifier.key: s for s in opened.signatures if s.verifier.is_witness}
    if len(found) < needed:
        raise CannotSay(
            f"{len(found)} of {needed} witnesses have cosigned the checkpoint",
            "Ask the others to cosign it.",
        )
    return tuple(found.values())
