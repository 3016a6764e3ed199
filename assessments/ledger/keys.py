"""The ledger's own key: Ed25519 in encrypted PKCS#8, used for checkpoints and nothing else.

``ledger.vkey`` lists the published halves, the newest first, and only grows: old checkpoints stay
verifiable. During a rotation the previous key signs beside the new one, until it is retired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.errors import BadInput, NotFound, Refused
from assessments.files import PUBLISHED, replace_file
from assessments.ledger.checkpoint import Checkpoint, check_continues
from assessments.ledger.memory import Head, Memory
from assessments.ledger.note import Signer, Verifier, check_name
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8

KEY_FILE = "ledger.key.pem"
PREVIOUS_KEY_FILE = "ledger.previous.key.pem"
VKEY_FILE = "ledger.vkey"
MEMORY_FILE = "ledger.memory.json"

_RESTORED = re.compile(r"(.+)/restored-(\d+)")


@dataclass(frozen=True, slots=True)
class LogKey:
    """The keys in hand, the newest first, with the memory of what they signed."""

    signers: tuple[Signer, ...]
    memory: Memory
    verifiers: tuple[Verifier, ...]

    @property
    def name(self) -> str:
        """The log's name."""
        return self.signers[0].name

    @property
    def verifier(self) -> Verifier:
        """The newest public key."""
        return self.signers[0].verifier

    def sign_checkpoint(self, text: str, prove: Callable[[int], Sequence[bytes]]) -> list[str]:
        """Sign when the last signed tree is a prefix; remember before the signature leaves."""
        asked = Checkpoint.parse(text)
        if asked.origin != self.name:
            raise Refused("The key signs for its own log only", field="origin")
        with self.memory.locked():
            last = self.memory.last()
            if last is not None:
                path = prove(last.size) if 0 < last.size <= asked.size else []
                check_continues(last, asked.head, path)
            self.memory.remember(asked.head)
        return [signer.signature_line(text) for signer in self.signers]


def create_key(folder: Path, name: str, passphrase: str) -> LogKey:
    """Make the key at first start; an existing key is never overwritten."""
    path = folder / KEY_FILE
    if path.exists():
        raise BadInput("The ledger has a key already", where={"file": path.name})
    signer = Signer(check_name(name), Ed25519PrivateKey.generate())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _publish(folder, [signer.verifier])
    _seal(path, signer.key, passphrase)
    return open_key(folder, passphrase)


def open_key(folder: Path, passphrase: str) -> LogKey:
    """The key, and during a rotation the previous one, opened with their passphrase."""
    verifiers = read_vkeys(folder)
    signers = [_open(folder / KEY_FILE, passphrase, verifiers)]
    if (folder / PREVIOUS_KEY_FILE).exists():
        signers.append(_open(folder / PREVIOUS_KEY_FILE, passphrase, verifiers))
    return LogKey(tuple(signers), read_memory(folder), tuple(verifiers))


def rotate_key(folder: Path, passphrase: str, new_passphrase: str) -> LogKey:
    """Make a new key; until ``retire_previous`` the present one signs beside it."""
    present = open_key(folder, passphrase)
    if len(present.signers) > 1:
        raise Refused("The last rotation is not finished", "Retire the previous key first.")
    signer = Signer(present.name, Ed25519PrivateKey.generate())
    _seal(folder / PREVIOUS_KEY_FILE, present.signers[0].key, new_passphrase)
    _publish(folder, [signer.verifier, *present.verifiers])
    _seal(folder / KEY_FILE, signer.key, new_passphrase)
    return open_key(folder, new_passphrase)


def retire_previous(folder: Path) -> None:
    """End the overlap: the previous key signs no more; its public half stays published."""
    path = folder / PREVIOUS_KEY_FILE
    if not path.exists():
        raise NotFound("No rotation is under way", where={"file": path.name})
    path.unlink()


def start_over(folder: Path, passphrase: str) -> tuple[LogKey, Head | None]:
    """After a restore from backup: continue under a new name; returns the head that was lost.

    Whoever trusts the old name never sees its history contradicted, and sees that it ended.
    """
    present = open_key(folder, passphrase)
    named = _RESTORED.fullmatch(present.name)
    base, count = (named[1], int(named[2])) if named else (present.name, 0)
    renamed = Verifier(f"{base}/restored-{count + 1}", present.verifier.key)
    with present.memory.locked():
        lost = present.memory.start_over()
        _publish(folder, [renamed, *present.verifiers])
    return open_key(folder, passphrase), lost


def read_vkey(folder: Path) -> Verifier:
    """The newest published half."""
    return read_vkeys(folder)[0]


def read_vkeys(folder: Path) -> list[Verifier]:
    """Every published half, the newest first."""
    path = folder / VKEY_FILE
    if not path.exists():
        raise NotFound("The ledger has no key yet", "Run: privacy setup", where={"file": VKEY_FILE})
    return parse_vkeys(path.read_text(encoding="utf-8"))


def parse_vkeys(text: str) -> list[Verifier]:
    """Verifier keys, one a line; at least one."""
    found = [Verifier.parse(line) for line in text.splitlines() if line.strip()]
    if not found:
        raise BadInput("The file names no verifier key", field="vkey")
    return found


def read_memory(folder: Path) -> Memory:
    """What the key in this folder signed last."""
    return Memory(folder / MEMORY_FILE)


def _open(path: Path, passphrase: str, verifiers: Sequence[Verifier]) -> Signer:
    if not path.exists():
        raise NotFound("The ledger's key is not here", where={"file": path.name})
    key = load_pkcs8(path.read_bytes(), passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput("The ledger's key is not an Ed25519 key", where={"file": path.name})
    public = key.public_key().public_bytes_raw()
    name = next((v.name for v in verifiers if v.key == public), None)
    if name is None:
        raise BadInput("The ledger's key does not match its published half", field="vkey")
    return Signer(name, key)


def _publish(folder: Path, verifiers: Sequence[Verifier]) -> None:
    text = "".join(f"{verifier.vkey}\n" for verifier in verifiers)
    replace_file(folder / VKEY_FILE, text.encode(), PUBLISHED)


def _seal(path: Path, key: Ed25519PrivateKey, passphrase: str) -> None:
    replace_file(path, encrypt_pkcs8(key, passphrase))
