"""Revocation lists (RFC 5280, 5): they travel with the documents, since no address serves them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from assessments.signing.certificates import Issuer

LIST_DAYS = 397
_CLOCK_TOLERANCE = timedelta(minutes=5)


def revocation_list(
    issuer: Issuer, entries: Mapping[str, str], number: int, now: datetime
) -> bytes:
    """A list in DER. entries: serial number to the moment of revocation, as texts."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - _CLOCK_TOLERANCE)
        .next_update(now + timedelta(days=LIST_DAYS))
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
