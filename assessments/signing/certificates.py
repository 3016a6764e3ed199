"""The certificates of a local authority: root, issuing, people.

Profile: root P-256 for 10 years, issuing P-256 for 5, people for 2. A person has two certificates,
because purposes never share keys: RSA-3072 for documents (keyUsage digitalSignature and
nonRepudiation; EKU documentSigning, RFC 9336, and emailProtection) and P-256 for statements.
No revocation address is named, since none is served; revocation lists travel with the documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

ROOT_YEARS, ISSUING_YEARS, PERSON_YEARS = 10, 5, 2
RSA_BITS = 3072
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
EMAIL_PROTECTION = ObjectIdentifier("1.3.6.1.5.5.7.3.4")
STATEMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.3")
_CLOCK_TOLERANCE = timedelta(minutes=5)
_NAME_LIMIT = 64

IssuerKey = ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: IssuerKey


def new_authority_key() -> IssuerKey:
    return ec.generate_private_key(ec.SECP256R1())


def new_document_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, RSA_BITS)


def make_root(organisation: str, key: IssuerKey, now: datetime) -> x509.Certificate:
    """A self-signed root that may have one authority below it."""
    name = _name(organisation, f"{organisation[:48]} Privacy Root")
    builder = _builder(name, name, key.public_key(), now, ROOT_YEARS)
    builder = _as_authority(builder, path_length=1)
    return _identified(builder, key.public_key(), key.public_key()).sign(key, hashes.SHA256())


def make_successor(old: Issuer, new: Issuer, now: datetime) -> x509.Certificate:
    """The new root's name and key, signed by the old root."""
    subject, public = new.certificate.subject, new.key.public_key()
    builder = _builder(subject, old.certificate.subject, public, now, ROOT_YEARS)
    builder = _as_authority(builder, path_length=1)
    return _identified(builder, public, old.key.public_key()).sign(old.key, hashes.SHA256())


def make_issuing(
    organisation: str, root: Issuer, public: ec.EllipticCurvePublicKey, now: datetime
) -> x509.Certificate:
    """The authority that certifies people."""
    subject = _name(organisation, f"{organisation[:45]} Privacy Issuing")
    builder = _builder(subject, root.certificate.subject, public, now, ISSUING_YEARS)
    builder = _as_authority(builder, path_length=0)
    return _identified(builder, public, root.key.public_key()).sign(root.key, hashes.SHA256())


def make_person(
    issuer: Issuer, public: PublicKey, person_id: str, common_name: str, now: datetime
) -> x509.Certificate:
    """A person's certificate; the subject holds the name and the person's id (userId)."""
    organisation = issuer.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    subject = x509.Name(
        [
            *organisation,
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.USER_ID, person_id),
        ]
    )
    purposes = (
        [DOCUMENT_SIGNING, EMAIL_PROTECTION]
        if isinstance(public, rsa.RSAPublicKey)
        else [STATEMENT_SIGNING]
    )
    builder = (
        _builder(subject, issuer.certificate.subject, public, now, PERSON_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    )
    signed = _identified(builder, public, issuer.key.public_key())
    return signed.sign(issuer.key, hashes.SHA256())


def person_of(certificate: x509.Certificate) -> tuple[str, str]:
    """The id and the name in a person's certificate."""
    return _attribute(certificate, NameOID.USER_ID), _attribute(certificate, NameOID.COMMON_NAME)


def is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the one certificate carries the other's signature, and names it as its issuer."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _attribute(certificate: x509.Certificate, kind: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(kind)
    return str(found[0].value) if found else ""


def _name(organisation: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:_NAME_LIMIT]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: PublicKey, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_TOLERANCE)
        .not_valid_after(now + timedelta(days=365 * years + years // 4))
    )


def _as_authority(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    ).add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)


def _identified(
    builder: x509.CertificateBuilder, public: PublicKey, issuer: PublicKey
) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(public), critical=False
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)


def _usage(**allowed: bool) -> x509.KeyUsage:
    uses = dict.fromkeys(
        (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return x509.KeyUsage(**(uses | allowed))
