"""The ledger's own key: Ed25519 in encrypted PKCS#8, used for checkpoints and nothing else."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assessments.errors import BadInput, NotFound
from assessments.ledger.note import Signer, Verifier
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8

KEY_FILE = "ledger.key.pem"
VKEY_FILE = "ledger.vkey"


def create_key(folder: Path, name: str, passphrase: str) -> Signer:
    """Make the key at first start; an existing key is never overwritten."""
    path = folder / KEY_FILE
    if path.exists():
        raise BadInput("The ledger has a key already", where={"file": path.name})
    if not name or any(character in name for character in " +\n"):
        raise BadInput("A log name has no space and no plus sign", field="name")
    signer = Signer(name, Ed25519PrivateKey.generate())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(encrypt_pkcs8(signer.key, passphrase))
    (folder / VKEY_FILE).write_text(signer.verifier.vkey + "\n", encoding="utf-8")
    return signer


def open_key(folder: Path, passphrase: str) -> Signer:
    """The key, opened with its passphrase."""
    verifier = read_vkey(folder)
    key = load_pkcs8((folder / KEY_FILE).read_bytes(), passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput("The ledger's key is not an Ed25519 key", where={"file": KEY_FILE})
    signer = Signer(verifier.name, key)
    if signer.verifier != verifier:
        raise BadInput("The ledger's key does not match its published half", field="vkey")
    return signer


def read_vkey(folder: Path) -> Verifier:
    """The published half."""
    path = folder / VKEY_FILE
    if not path.exists():
        raise NotFound("The ledger has no key yet", "Run: privacy setup", where={"file": VKEY_FILE})
    return Verifier.parse(path.read_text(encoding="utf-8"))
