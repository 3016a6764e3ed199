"""C2SP signed notes (Ed25519, type 0x01), as checkpoints use them.

A note is text that ends in a newline, a blank line, and one signature line per key:
``— <name> <base64(key id || signature)>``. The key id is the first four bytes of
SHA-256(name || 0x0A || type || key). Lines of unknown keys are ignored, so that keys can rotate
and witnesses can add theirs; a line of a known key that does not verify rejects the note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assessments.errors import BadInput

ED25519 = b"\x01"
MAX_NOTE = 1_000_000
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named public key, as its vkey text names it."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name, newline, type, key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """``name+id+base64(type || key)``."""
        encoded = base64.b64encode(ED25519 + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey, or BadInput."""
        try:
            name, key_id, encoded = vkey.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise BadInput("This is not a note verifier key", "Expected name+id+key.") from error
        found = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or found.key_id.hex() != key_id:
            raise BadInput("The verifier key does not match its own id", field="vkey")
        return found

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether the signature over the text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A named private key."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    def signature_line(self, text: str) -> str:
        """The line that this key adds under the text."""
        signed = self.verifier.key_id + self.key.sign(text.encode())
        return f"{_DASH}{self.name} {base64.b64encode(signed).decode()}\n"


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The text with a signature line of each signer."""
    if not text.endswith("\n") or "\n\n" in text:
        raise ValueError("a note's text ends in a newline and has no blank line")
    return text + "\n" + "".join(signer.signature_line(text) for signer in signers)


def open_note(note: str, verifiers: Sequence[Verifier]) -> tuple[str, list[str]]:
    """The text and the names of the known keys that signed it; BadInput unless at least one did."""
    text, lines = _split(note)
    known = {(v.name, v.key_id): v for v in verifiers}
    signed_by: list[str] = []
    for line in lines:
        name, raw = _parse_line(line)
        verifier = known.get((name, raw[:4]))
        if verifier is None:
            continue
        if not verifier.has_signed(text, raw[4:]):
            raise BadInput(f"The signature of {name} on the note is wrong", field="signature")
        signed_by.append(name)
    if not signed_by:
        raise BadInput("No known key has signed the note", field="signature")
    return text, signed_by


def _split(note: str) -> tuple[str, list[str]]:
    if len(note) > MAX_NOTE:
        raise BadInput("The note is too large")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadInput("This is not a signed note", "It lacks a blank line or its last newline.")
    return text + "\n", tail[:-1].split("\n")


def _parse_line(line: str) -> tuple[str, bytes]:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if not line.startswith(_DASH) or not gap or not name or len(raw) < 5:
        raise BadInput("A signature line of the note is malformed", field="signature")
    return name, raw
