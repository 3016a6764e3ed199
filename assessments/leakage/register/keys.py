"""Public keys of builds elsewhere, whose signed results count without anybody's acceptance.

A key is enrolled for one project or for all, by the privacy office; Ed25519 or ECDSA on P-256 or P-384.
A key that was revoked signs nothing new; what it signed before says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from sqlalchemy import Connection, insert, select, update

from assessments.errors import BadInput, Conflict, NotFound, NotPossibleNow
from assessments.leakage.register.tables import measurement_key
from assessments.records import Actor, Event, Records
from assessments.records.permissions import EVERYWHERE

Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "secp256r1": hashes.SHA256,
    "secp384r1": hashes.SHA384,
}
MAX_NAME = 120
MAX_PEM = 10_000


@dataclass(frozen=True, slots=True)
class Key:
    """An enrolled key. id: SHA-256 of its SubjectPublicKeyInfo. scope: a project or ``*``."""

    id: str
    name: str
    scope: str
    public_key: str
    enrolled_by: str
    enrolled_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature over the message."""
        public = read_public(self.public_key.encode())
        try:
            if isinstance(public, ed25519.Ed25519PublicKey):
                public.verify(signature, message)
            else:
                public.verify(signature, message, ec.ECDSA(HASHES[public.curve.name]()))
        except InvalidSignature:
            return False
        return True


def read_public(pem: bytes) -> Public:
    """A public key in PEM, or BadInput; a private key is refused by name."""
    if len(pem) > MAX_PEM or b"PRIVATE KEY" in pem:
        raise BadInput(
            "This is not a public key", "Give the public part only; the private key stays where it signs.",
            field="key",
        )  # fmt: skip
    try:
        public = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadInput(
            "This is not a public key", "It should be PEM, -----BEGIN PUBLIC KEY-----.", field="key"
        ) from error
    is_curve = isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in HASHES
    if not isinstance(public, ed25519.Ed25519PublicKey) and not is_curve:
        raise BadInput(
            "This kind of key is not accepted", "Ed25519, or ECDSA on P-256 or P-384.", field="key"
        )
    return public  # type: ignore[return-value]


def enrol(records: Records, actor: Actor, name: str, pem: bytes, scope: str = EVERYWHERE) -> Key:
    """Trust a build's key for the results of a project, or of all."""
    public, called = read_public(pem), " ".join(name.split())
    if not called or len(called) > MAX_NAME:
        raise BadInput("A key needs a name", f"At most {MAX_NAME} characters.", field="name")
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key_id = hashlib.sha256(der).hexdigest()
    with records.change(actor) as change:
        if any(key.id == key_id for key in list_keys(change.connection)):
            raise Conflict(
                "This key is enrolled already", "A revoked key stays revoked.", field="key"
            )
        change.apply(
            Event("measurement_key.enrolled", "measurement_key", key_id, "measurement.key", scope,
                  {"scope": scope}, {"name": called}),
            insert(measurement_key).values(
                id=key_id, name=called, scope=scope, public_key=text.decode(),
                enrolled_by=change.actor.person_id, enrolled_at=change.now,
            ),
        )  # fmt: skip
        return find_key(change.connection, key_id)


def revoke(records: Records, actor: Actor, key_id: str) -> Key:
    """Trust the key for nothing new."""
    with records.change(actor) as change:
        found = find_key(change.connection, key_id)
        if found.revoked_at is not None:
            raise NotPossibleNow("This key was revoked before", field="key")
        change.apply(
            Event("measurement_key.revoked", "measurement_key", found.id, "measurement.key", found.scope),
            update(measurement_key).where(measurement_key.c.id == found.id)
            .values(revoked_by=change.actor.person_id, revoked_at=change.now),
        )  # fmt: skip
        return find_key(change.connection, found.id)


def list_keys(connection: Connection) -> list[Key]:
    """Every key, the oldest first."""
    rows = connection.execute(
        select(measurement_key).order_by(measurement_key.c.enrolled_at, measurement_key.c.id)
    ).mappings()
    return [Key(**row) for row in rows]


def find_key(connection: Connection, key_id: str) -> Key:
    """The key whose id begins so; NotFound when there is none, or more than one."""
    found = [key for key in list_keys(connection) if key_id and key.id.startswith(key_id)]
    if len(found) != 1:
        raise NotFound(f"No enrolled key has the id {key_id[:64]}", field="key")
    return found[0]


def usable(connection: Connection, project_id: str) -> list[Key]:
    """The keys that may sign for a project now."""
    return [
        key
        for key in list_keys(connection)
        if key.revoked_at is None and key.scope in (EVERYWHERE, project_id)
    ]
