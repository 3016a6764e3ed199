"""The authority over the years: a new issuing certificate, a new root, and the bridge from the old.

Replaced pairs stay under ``retired``. The new ones are written aside as a whole folder ``next`` and
then moved file by file; ``finish`` completes a move that was interrupted, so that key and certificate
always belong together.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assessments.errors import BadInput
from assessments.files import flush, replace_file
from assessments.signing import certificates
from assessments.signing.certificates import Issuer
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8
from assessments.signing.revocation import revocation_list

RETIRED, NEXT, BRIDGE = "retired", "next", "successors.crt"


def renew_issuing(folder: Path, passphrase: str, *, now: datetime | None = None) -> None:
    """A new issuing key and certificate under the same root; people are certified anew by it."""
    moment = now or datetime.now(UTC)
    root = _open_root(folder, passphrase)
    _retire(folder, "issuing")
    key = certificates.new_authority_key()
    made = certificates.make_issuing(
        _organisation(root.certificate), root, key.public_key(), moment
    )
    _bring_in(folder, {"issuing.key": encrypt_pkcs8(key, passphrase), "issuing.crt": _pem(made)})


def rotate_root(folder: Path, passphrase: str, *, now: datetime | None = None) -> None:
    """A new root and issuing certificate; the old root signs the new one's key as its successor.

    Whoever pinned the old root gets ``successors.crt``: each certificate in it is signed by the one
    before, so that trust is carried over without asking for a new fingerprint.
    """
    moment = now or datetime.now(UTC)
    old = _open_root(folder, passphrase)
    organisation = _organisation(old.certificate)
    root_key, key = certificates.new_authority_key(), certificates.new_authority_key()
    root = Issuer(certificates.make_root(organisation, root_key, moment), root_key)
    bridge = certificates.make_successor(old, root, moment)
    issuing = certificates.make_issuing(organisation, root, key.public_key(), moment)
    _retire(folder, "issuing")
    _retire(folder, "root")
    known = (folder / BRIDGE).read_bytes() if (folder / BRIDGE).exists() else _pem(old.certificate)
    _bring_in(folder, {
        BRIDGE: known + _pem(bridge),
        "root.key": encrypt_pkcs8(root_key, passphrase),
        "root.crl": revocation_list(root, {}, 1, moment),
        "issuing.key": encrypt_pkcs8(key, passphrase),
        "issuing.crt": _pem(issuing),
        "root.crt": _pem(root.certificate),
    })  # fmt: skip


def finish(folder: Path) -> None:
    """Complete a replacement that was interrupted; what was only half written is dropped."""
    shutil.rmtree(folder / f"{NEXT}.partial", ignore_errors=True)
    aside = folder / NEXT
    if not aside.is_dir():
        return
    for file in sorted(aside.iterdir()):
        file.replace(folder / file.name)
    flush(folder)
    aside.rmdir()


def carry_trust(trusted: list[x509.Certificate]) -> x509.Certificate:
    """The last of a chain in which each certificate is signed by the one before; BadInput if not."""
    current = trusted[0]
    for successor in trusted[1:]:
        try:
            successor.verify_directly_issued_by(current)
        except (InvalidSignature, ValueError, TypeError) as error:
            raise BadInput(
                "A successor is not signed by the root before it", field="trust"
            ) from error
        if not _is_authority(successor):
            raise BadInput("A successor is no authority", field="trust")
        current = successor
    return current


def is_same_authority(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether two certificates name the same authority with the same key."""
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    keys = [c.public_key().public_bytes(*form) for c in (one, other)]
    return one.subject == other.subject and keys[0] == keys[1]


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return found.value.ca


def _open_root(folder: Path, passphrase: str) -> Issuer:
    finish(folder)
    key = load_pkcs8((folder / "root.key").read_bytes(), passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadInput("The root's key is not an elliptic-curve key")
    return Issuer(x509.load_pem_x509_certificate((folder / "root.crt").read_bytes()), key)


def _retire(folder: Path, name: str) -> None:
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
    for kind in ("key", "crt", "crl"):
        if (folder / f"{name}.{kind}").exists():
            kept = folder / RETIRED / f"{name}-{certificate.serial_number:x}.{kind}"
            replace_file(kept, (folder / f"{name}.{kind}").read_bytes())


def _bring_in(folder: Path, files: Mapping[str, bytes]) -> None:
    partial = folder / f"{NEXT}.partial"
    for name, data in files.items():
        replace_file(partial / name, data)
    partial.rename(folder / NEXT)
    flush(folder)
    finish(folder)


def _organisation(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
