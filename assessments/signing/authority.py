"""The organisation's own certificate authority, made at first start, and people's signing keys.

Folder: ``root.crt root.key issuing.crt issuing.key`` and ``people/<id>/{document,statement}.{crt,key}``,
``revoked.json``; what was replaced stays in ``retired`` folders, since reports name it. Every key is
encrypted PKCS#8; passphrases are asked for and never stored here. Renewal: ``succession``.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from assessments.errors import BadInput, Conflict, NotFound, NotPossibleNow
from assessments.files import replace_file
from assessments.signing import certificates, succession
from assessments.signing.certificates import Issuer
from assessments.signing.opened import DocumentKey, StatementKey
from assessments.signing.pkcs8 import encrypt_pkcs8, load_pkcs8
from assessments.signing.revocation import LIST_DAYS, revocation_list
from assessments.signing.token import FILE, TokenKey, make_keys, read_place, write_place

_PERSON_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
RETIRED = "retired"
RENEWAL = timedelta(days=30)


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
        replace_file(keys_dir / "root.crl", revocation_list(root, {}, 1, now))
        replace_file(keys_dir / "root.crt", _pem(root.certificate))
        return cls(keys_dir, root.certificate, Issuer(issuing, issuing_key), passphrase)

    @classmethod
    def open(cls, keys_dir: Path, passphrase: str) -> Authority:
        """Open an existing authority; BadInput for a wrong passphrase."""
        succession.finish(keys_dir)
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
    def issuing(self) -> x509.Certificate:
        """The certificate that certifies people now."""
        return self._issuing.certificate

    def issuer_of(self, certificate: x509.Certificate) -> x509.Certificate:
        """The certificate, present or retired, whose key signed this one."""
        return self._issuer_file(certificate)[1]

    def _issuer_file(self, certificate: x509.Certificate) -> tuple[Path, x509.Certificate]:
        folder = self._folder
        for file in (
            folder / "issuing.crt",
            folder / "root.crt",
            *(folder / RETIRED).glob("*.crt"),
        ):
            found = _certificate(file)
            if certificate.issuer == found.subject and certificates.is_signed_by(
                certificate, found
            ):
                return file, found
        raise NotFound("The authority that issued this certificate is not here")

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

    def needs_renewal(self, person_id: str, *, now: datetime | None = None) -> bool:
        """Whether a certificate ends soon, was revoked, or leads to a retired authority."""
        certificate = self.certificate(person_id, "document")
        ends = certificate.not_valid_after_utc - (now or datetime.now(UTC))
        retired = self.issuer_of(certificate) != self._issuing.certificate
        return retired or ends < RENEWAL or self.is_revoked(person_id)

    def renew(
        self, person_id: str, common_name: str, passphrase: str, *, now: datetime | None = None
    ) -> None:
        """New keys and certificates; the replaced ones stay for what is under way with them.

        The passphrase has to open the present key, unless that was revoked (a lost key).
        """
        folder = self._person(person_id)
        if (folder / FILE).exists():
            raise NotPossibleNow("The keys are on a token", "Revoke them, then issue new ones.")
        if not self.is_revoked(person_id):
            load_pkcs8((folder / "document.key").read_bytes(), passphrase)
        for name in ("document", "statement"):
            serial = f"{self.certificate(person_id, name).serial_number:x}"
            for kind in ("key", "crt"):
                kept = folder / RETIRED / f"{name}-{serial}.{kind}"
                replace_file(kept, (folder / f"{name}.{kind}").read_bytes())
        self._make_keys(person_id, common_name, passphrase, now or datetime.now(UTC))

    def issue(
        self, person_id: str, common_name: str, passphrase: str, *, now: datetime | None = None
    ) -> None:
        """Make the person's two keys and certificates; Conflict while unrevoked ones exist."""
        if self.has_keys(person_id) and not self.is_revoked(person_id):
            raise Conflict("This person already has a certificate", "Revoke it first.")
        self._make_keys(person_id, common_name, passphrase, now or datetime.now(UTC))

    def _make_keys(self, person_id: str, common_name: str, passphrase: str, now: datetime) -> None:
        folder = self._person(person_id)
        document, statement = certificates.new_document_key(), certificates.new_authority_key()
        for name, key in (("statement", statement), ("document", document)):
            certificate = certificates.make_person(
                self._issuing, key.public_key(), person_id, common_name, now
            )
            replace_file(folder / f"{name}.key", encrypt_pkcs8(key, passphrase))
            replace_file(folder / f"{name}.crt", _pem(certificate))

    def issue_on_token(
        self,
        person_id: str,
        common_name: str,
        module: str,
        token: str,
        pin: str,
        *,
        now: datetime | None = None,
    ) -> None:
        """Make the person's two keys on a PKCS#11 token; Conflict while unrevoked ones exist."""
        if self.has_keys(person_id) and not self.is_revoked(person_id):
            raise Conflict("This person already has a certificate", "Revoke it first.")
        folder, now = self._person(person_id), now or datetime.now(UTC)
        place, document, statement = make_keys(module, token, pin, certificates.RSA_BITS)
        for name in ("document", "statement"):
            (folder / f"{name}.key").unlink(missing_ok=True)
        write_place(folder, place)
        for name, public in (("statement", statement), ("document", document)):
            made = certificates.make_person(self._issuing, public, person_id, common_name, now)
            replace_file(folder / f"{name}.crt", _pem(made))

    def document_key(
        self, person_id: str, passphrase: str, *, now: datetime | None = None
    ) -> DocumentKey:
        """Open a person's document key; NotPossibleNow when revoked or expired."""
        certificate = self.certificate(person_id, "document")
        file = self._person(person_id) / "document.key"
        key = self._open(certificate, file, passphrase, now or datetime.now(UTC))
        if not isinstance(key, rsa.RSAPrivateKey | TokenKey):
            raise BadInput("The document key is not an RSA key")
        issuing = self.issuer_of(certificate)
        lists = self.revocation_lists(issuing, now=now)
        return DocumentKey(person_id, certificate, key, issuing, self.issuer_of(issuing), lists)

    def statement_key(
        self,
        person_id: str,
        passphrase: str,
        *,
        now: datetime | None = None,
        certificate: x509.Certificate | None = None,
    ) -> StatementKey:
        """Open a person's statement key, the one of this certificate when a statement names it."""
        folder, file = self._person(person_id), self._person(person_id) / "statement.key"
        present = self.certificate(person_id, "statement")
        if certificate is not None and certificate != present:
            file = folder / RETIRED / f"statement-{certificate.serial_number:x}.key"
        certificate = certificate or present
        key = self._open(certificate, file, passphrase, now or datetime.now(UTC))
        if not isinstance(key, ec.EllipticCurvePrivateKey | TokenKey):
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

    def revocation_lists(
        self, issuing: x509.Certificate | None = None, *, now: datetime | None = None
    ) -> tuple[bytes, ...]:
        """Fresh lists in DER, the issuing authority's (by default the present one) and its root's."""
        now = now or datetime.now(UTC)
        issuer = self._issuing
        if issuing is not None and issuing != issuer.certificate:
            file = self._folder / RETIRED / f"issuing-{issuing.serial_number:x}.key"
            issuer = Issuer(issuing, self._authority_key(file))
        own = revocation_list(issuer, self._revoked(), int(now.timestamp()), now)
        return own, self._root_list(self._issuer_file(issuer.certificate)[0], now)

    def _root_list(self, root: Path, now: datetime) -> bytes:
        """A root's list; renewed with its key once two thirds of its life are over."""
        file = root.with_suffix(".crl")
        current = x509.load_der_x509_crl(file.read_bytes())
        due = current.last_update_utc + timedelta(days=LIST_DAYS * 2 // 3)
        if now < due:
            return file.read_bytes()
        issuer = Issuer(_certificate(root), self._authority_key(root.with_suffix(".key")))
        replace_file(file, revocation_list(issuer, {}, int(now.timestamp()), now))
        return file.read_bytes()

    def _authority_key(self, file: Path) -> ec.EllipticCurvePrivateKey:
        key = load_pkcs8(file.read_bytes(), self._passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise BadInput("The authority's key is not an elliptic-curve key")
        return key

    def _open(
        self, certificate: x509.Certificate, file: Path, passphrase: str, now: datetime
    ) -> Any:
        if str(certificate.serial_number) in self._revoked():
            raise NotPossibleNow("This person's certificate is revoked", "Issue a new one.")
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise NotPossibleNow("This person's certificate is not valid now", "Issue a new one.")
        if file.exists():
            return load_pkcs8(file.read_bytes(), passphrase)
        place = read_place(file.parent)
        if place is None:
            raise NotFound("The key of this certificate is not here", field="person")
        kept = place.document if file.stem == "document" else place.statement
        return TokenKey(place.module, place.token, bytes.fromhex(kept), passphrase)

    def _person(self, person_id: str) -> Path:
        return _person_folder(self._folder, person_id)

    def _revoked(self) -> dict[str, str]:
        return revoked_serials(self._folder)


def has_keys(keys_dir: Path, person_id: str) -> bool:
    """Whether a person was certified; asks the folder, so no passphrase and no key is opened."""
    return (_person_folder(keys_dir, person_id) / "document.crt").exists()


def revoked_serials(keys_dir: Path) -> dict[str, str]:
    """Serial number of every revoked certificate, with the moment; no key is opened."""
    file = keys_dir / "revoked.json"
    entries: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
    return entries


def _person_folder(keys_dir: Path, person_id: str) -> Path:
    if not _PERSON_ID.fullmatch(person_id):
        raise BadInput(
            "The person's id cannot name a key", "Letters, digits, dot, dash.", field="person"
        )
    return keys_dir / "people" / person_id


def _certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
