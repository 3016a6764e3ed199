"""The organisation's own certificate authority, made at first start, and people's signing keys.

Folder: ``root.crt root.key issuing.crt issuing.key`` and ``people/<id>/{document,statement}.{crt,key}``,
``revoked.json``. Every key is encrypted PKCS#8; passphrases are asked for and never stored here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.errors import BadInput, Conflict, NotFound, NotPossibleNow
from assessments.files import replace_file
from assessments.signing import certificates
from assessments.signing.certificates import Issuer
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8

_PERSON_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
_LIST_DAYS = 397
_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class DocumentKey:
    """What one person needs to sign a document, chain and revocation lists included."""

    person_id: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    issuing: x509.Certificate
    root: x509.Certificate
    revocation_lists: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, repr=False)
class StatementKey:
    """What one person needs to sign a statement about the files of a pack."""

    person_id: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Authority:
    """Issues, renews and revokes; holds the opened issuing key in memory only."""

    def __init__(self, folder: Path, root: x509.Certificate, issuing: Issuer, passphrase: str):
        self._folder, self._passphrase = folder, passphrase
        self.root, self._issuing = root, issuing

    @classmethod
    def create(
        cls, keys_dir: Path, passphrase: str, organisation: str, *, now: datetime | None = None
    ) -> Authority:
        """Make root and issuing certificates; Conflict when the folder already has a root."""
        if (keys_dir / "root.crt").exists():
            raise Conflict("There is already a certificate authority", "Open it instead.")
        now = now or datetime.now(UTC)
        root_key, issuing_key = certificates.new_authority_key(), certificates.new_authority_key()
        root = Issuer(certificates.make_root(organisation, root_key, now), root_key)
        issuing = certificates.make_issuing(organisation, root, issuing_key.public_key(), now)
        replace_file(keys_dir / "root.key", encrypt_pkcs8(root_key, passphrase))
        replace_file(keys_dir / "issuing.key", encrypt_pkcs8(issuing_key, passphrase))
        replace_file(keys_dir / "issuing.crt", _pem(issuing))
        replace_file(keys_dir / "root.crl", _revocation_list(root, {}, 1, now))
        replace_file(keys_dir / "root.crt", _pem(root.certificate))
        return cls(keys_dir, root.certificate, Issuer(issuing, issuing_key), passphrase)

    @classmethod
    def open(cls, keys_dir: Path, passphrase: str) -> Authority:
        """Open an existing authority; BadInput for a wrong passphrase."""
        if not (keys_dir / "root.crt").exists():
            raise NotFound("There is no certificate authority yet", "Make one at first start.")
        key = load_pkcs8((keys_dir / "issuing.key").read_bytes(), passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise BadInput("The issuing key is not an elliptic-curve key")
        issuing = Issuer(_certificate(keys_dir / "issuing.crt"), key)
        return cls(keys_dir, _certificate(keys_dir / "root.crt"), issuing, passphrase)

    @property
    def root_certificate_pem(self) -> bytes:
        """What a verifier pins; publish its fingerprint on a second channel."""
        return _pem(self.root)

    @property
    def issuing_certificate_pem(self) -> bytes:
        return _pem(self._issuing.certificate)

    @property
    def root_fingerprint(self) -> str:
        """SHA-256 of the root certificate in hexadecimal."""
        return self.root.fingerprint(hashes.SHA256()).hex()

    def certificate(
        self, person_id: str, kind: Literal["document", "statement"]
    ) -> x509.Certificate:
        """A person's present certificate, or NotFound."""
        file = self._person(person_id) / f"{kind}.crt"
        if not file.exists():
            raise NotFound("This person has no signing key", "Issue one first.")
        return _certificate(file)

    def has_keys(self, person_id: str) -> bool:
        return has_keys(self._folder, person_id)

    def issue(
        self, person_id: str, common_name: str, passphrase: str, *, now: datetime | None = None
    ) -> None:
        """Make the person's two keys and certificates; Conflict while unrevoked ones exist."""
        if self.has_keys(person_id) and not self.is_revoked(person_id):
            raise Conflict("This person already has a certificate", "Revoke it first.")
        folder, now = self._person(person_id), now or datetime.now(UTC)
        document, statement = certificates.new_document_key(), certificates.new_authority_key()
        for name, key in (("statement", statement), ("document", document)):
            certificate = certificates.make_person(
                self._issuing, key.public_key(), person_id, common_name, now
            )
            replace_file(folder / f"{name}.key", encrypt_pkcs8(key, passphrase))
            replace_file(folder / f"{name}.crt", _pem(certificate))

    def document_key(
        self, person_id: str, passphrase: str, *, now: datetime | None = None
    ) -> DocumentKey:
        """Open a person's document key; NotPossibleNow when revoked or expired."""
        certificate, key = self._open(person_id, "document", passphrase, now or datetime.now(UTC))
        if not isinstance(key, rsa.RSAPrivateKey):
            raise BadInput("The document key is not an RSA key")
        return DocumentKey(
            person_id,
            certificate,
            key,
            self._issuing.certificate,
            self.root,
            self.revocation_lists(now=now),
        )

    def statement_key(
        self, person_id: str, passphrase: str, *, now: datetime | None = None
    ) -> StatementKey:
        """Open a person's statement key; NotPossibleNow when revoked or expired."""
        certificate, key = self._open(person_id, "statement", passphrase, now or datetime.now(UTC))
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise BadInput("The statement key is not an elliptic-curve key")
        return StatementKey(person_id, certificate, key)

    def revoke(self, person_id: str, *, now: datetime | None = None) -> None:
        """Put both certificates of a person on the revocation list."""
        entries = self._revoked()
        at = (now or datetime.now(UTC)).isoformat()
        for name in ("document", "statement"):
            certificate = _certificate(self._person(person_id) / f"{name}.crt")
            entries.setdefault(str(certificate.serial_number), at)
        replace_file(self._folder / "revoked.json", json.dumps(entries, indent=1).encode())

    def is_revoked(self, person_id: str) -> bool:
        certificate = _certificate(self._person(person_id) / "document.crt")
        return str(certificate.serial_number) in self._revoked()

    def revocation_lists(self, *, now: datetime | None = None) -> tuple[bytes, ...]:
        """Fresh lists in DER, the issuing authority's first, then the root's."""
        now = now or datetime.now(UTC)
        own = _revocation_list(self._issuing, self._revoked(), int(now.timestamp()), now)
        return own, self._root_list(now)

    def _root_list(self, now: datetime) -> bytes:
        """The root's list; renewed with the root's key once two thirds of its life are over."""
        file = self._folder / "root.crl"
        current = x509.load_der_x509_crl(file.read_bytes())
        due = current.last_update_utc + timedelta(days=_LIST_DAYS * 2 // 3)
        if now < due:
            return file.read_bytes()
        key = load_pkcs8((self._folder / "root.key").read_bytes(), self._passphrase)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        replace_file(file, _revocation_list(Issuer(self.root, key), {}, int(now.timestamp()), now))
        return file.read_bytes()

    def _open(
        self,
        person_id: str,
        kind: Literal["document", "statement"],
        passphrase: str,
        now: datetime,
    ) -> tuple[x509.Certificate, Any]:
        certificate = self.certificate(person_id, kind)
        if str(certificate.serial_number) in self._revoked():
            raise NotPossibleNow("This person's certificate is revoked", "Issue a new one.")
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise NotPossibleNow("This person's certificate is not valid now", "Issue a new one.")
        file = self._person(person_id) / f"{kind}.key"
        return certificate, load_pkcs8(file.read_bytes(), passphrase)

    def _person(self, person_id: str) -> Path:
        return _person_folder(self._folder, person_id)

    def _revoked(self) -> dict[str, str]:
        file = self._folder / "revoked.json"
        entries: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
        return entries


def has_keys(keys_dir: Path, person_id: str) -> bool:
    """Whether a person was certified; asks the folder, so no passphrase and no key is opened."""
    return (_person_folder(keys_dir, person_id) / "document.crt").exists()


def _person_folder(keys_dir: Path, person_id: str) -> Path:
    if not _PERSON_ID.fullmatch(person_id):
        raise BadInput(
            "The person's id cannot name a key", "Letters, digits, dot, dash.", field="person"
        )
    return keys_dir / "people" / person_id


def _revocation_list(issuer: Issuer, entries: dict[str, str], number: int, now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - _CLOCK_TOLERANCE)
        .next_update(now + timedelta(days=_LIST_DAYS))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for serial, at in entries.items():
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(int(serial))
            .revocation_date(datetime.fromisoformat(at))
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
