"""A person's keys once they are opened: from a file by a passphrase, or on a token by a PIN."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.signing.token import TokenKey


@dataclass(frozen=True, slots=True, repr=False)
class DocumentKey:
    """What one person needs to sign a document, chain and revocation lists included."""

    person_id: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | TokenKey
    issuing: x509.Certificate
    root: x509.Certificate
    revocation_lists: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class StatementKey:
    """What one person needs to sign a statement about the files of a pack."""

    person_id: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | TokenKey
