"""C2SP signed notes, as checkpoints and their cosignatures use them.

A note is text that ends in a newline, a blank line, and one signature line per key:
``— <name> <base64(key id || signature)>``. The key id is the first four bytes of
SHA-256(name || 0x0A || type || key). Lines of unknown keys are ignored, so that keys can rotate
and witnesses can add theirs; a line of a known key that does not verify rejects the note.
Types: 0x01 Ed25519 over the text (signed-note); 0x04 an Ed25519 cosignature with its time over
``cosignature/v1``, ``time <seconds>`` and the text (tlog-cosignature).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assessments.errors import BadInput

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100
KEY_SIZE = 32

_DASH = "— "
_TIME = struct.Struct(">Q")
_MAX_TIME = 2**62
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ufffd]")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named public key, as its vkey text names it."""

    name: str
    key: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name, newline, type, key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """``name+id+base64(type || key)``."""
        encoded = base64.b64encode(self.kind + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @property
    def is_witness(self) -> bool:
        """Whether the key cosigns other people's logs instead of signing its own."""
        return self.kind == COSIGNATURE

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey, or BadInput."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = decode_base64(encoded, "This is not a note verifier key: expected name+id+key")
        found = cls(check_name(name), raw[1:], raw[:1])
        if found.kind not in {ED25519, COSIGNATURE} or len(found.key) != KEY_SIZE:
            raise BadInput("The verifier key is of an unknown type", field="vkey")
        if found.key_id.hex() != key_id:
            raise BadInput("The verifier key does not match its own id", field="vkey")
        return found

    def signed_at(self, signature: bytes) -> int | None:
        """The time in a cosignature, in seconds since 1970; other signatures have none."""
        if not self.is_witness or len(signature) < _TIME.size:
            return None
        return int(_TIME.unpack_from(signature)[0])

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether the signature over the text is this key's."""
        message, raw = text.encode(), signature
        if self.is_witness:
            at = self.signed_at(signature)
            if at is None or at > _MAX_TIME:
                return False
            message, raw = cosigned_message(text, at), signature[_TIME.size :]
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(raw, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A named private key that signs a log's own notes."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw())

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The public half, as signers of several keys name theirs."""
        return (self.verifier,)

    def signature_line(self, text: str) -> str:
        """The line that this key adds under the text."""
        return _line(self.verifier, self.key.sign(text.encode()))

    def sign_checkpoint(self, text: str, prove: Callable[[int], Sequence[bytes]]) -> list[str]:
        """Sign without any memory of earlier checkpoints: for keys that live for one test or tool."""
        del prove
        return [self.signature_line(text)]


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private key: it states when it saw a log's checkpoint."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public half, of type 0x04."""
        return Verifier(self.name, self.key.public_key().public_bytes_raw(), COSIGNATURE)

    def signature_line(self, text: str, at: int) -> str:
        """The line that says: seen at this time, consistent with all that I saw before."""
        return _line(self.verifier, _TIME.pack(at) + self.key.sign(cosigned_message(text, at)))


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that verified: whose, and for a cosignature, when."""

    verifier: Verifier
    at: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A note of which at least one known key's signature verified."""

    text: str
    signatures: tuple[Signed, ...]


def sign_note(text: str, signers: Sequence[Signer]) -> str:
    """The text with a signature line of each signer."""
    return assemble(text, [signer.signature_line(text) for signer in signers])


def assemble(text: str, lines: Sequence[str]) -> str:
    """A note out of its text and its signature lines."""
    if not text.endswith("\n") or "\n\n" in text or _CONTROL.search(text):
        raise ValueError("a note's text ends in a newline, without blank lines or controls")
    return text + "\n" + "".join(lines)


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """The text and the known keys that signed it; BadInput unless at least one did."""
    text, lines = split(note)
    known = {(v.name, v.key_id): v for v in verifiers}
    found: dict[Verifier, Signed] = {}
    for line in lines:
        name, raw = _parse_line(line)
        verifier = known.get((name, raw[:4]))
        if verifier is None:
            continue
        if not verifier.has_signed(text, raw[4:]):
            raise BadInput(f"The signature of {name} on the note is wrong", field="signature")
        found.setdefault(verifier, Signed(verifier, verifier.signed_at(raw[4:])))
    if not found:
        raise BadInput("No known key has signed the note", field="signature")
    return Note(text, tuple(found.values()))


def split(note: str) -> tuple[str, list[str]]:
    """The text and the signature lines, nothing verified yet."""
    if len(note) > MAX_NOTE:
        raise BadInput("The note is too large")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadInput("This is not a signed note", "It lacks a blank line or its last newline.")
    if _CONTROL.search(note):
        raise BadInput("The note has control characters", "Only newlines are allowed.")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadInput(f"The note has more than {MAX_SIGNATURES} signatures")
    return text + "\n", lines


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs (tlog-cosignature, cosignature/v1)."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def check_name(name: str) -> str:
    """The name of a log or witness, or BadInput: not empty, no white space, no plus sign."""
    if not name or "+" in name or any(c.isspace() for c in name) or _CONTROL.search(name):
        raise BadInput("A log name has no space and no plus sign", field="name")
    return name


def decode_base64(text: str, title: str) -> bytes:
    """RFC 4648 section 4 in its one canonical spelling, or BadInput."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise BadInput(title)
    return raw


def decode_decimal(text: str, title: str) -> int:
    """ASCII digits without a leading zero, or BadInput."""
    if not _DECIMAL.fullmatch(text):
        raise BadInput(title)
    return int(text)


def _line(verifier: Verifier, signature: bytes) -> str:
    encoded = base64.b64encode(verifier.key_id + signature).decode()
    return f"{_DASH}{verifier.name} {encoded}\n"


def _parse_line(line: str) -> tuple[str, bytes]:
    name, gap, encoded = line.removeprefix(_DASH).partition(" ")
    title = "A signature line of the note is malformed"
    if not line.startswith(_DASH) or not gap or not name or "+" in name:
        raise BadInput(title, field="signature")
    raw = decode_base64(encoded, title)
    if len(raw) < 5:
        raise BadInput(title, field="signature")
    return name, raw
