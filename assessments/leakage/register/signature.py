"""What a build elsewhere signs: an in-toto Statement v1 in a DSSE envelope beside its result file.

The statement names the file by digest, and in its predicate whose measurement it is and of which day,
so that a signature for one model says nothing about another. ``keyid`` is a hint in DSSE; the signature is
tried against every key that is enrolled for the project.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import rfc8785
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from assessments.errors import BadInput, NotPermitted
from assessments.leakage.register.keys import HASHES, Key
from assessments.signing.statement import (
    PAYLOAD_TYPE,
    STATEMENT_TYPE,
    encoded,
    read_envelope,
    read_object,
    subjects,
)

PREDICATE_TYPE = "urn:privacy-workbench:leakage-result:v1"


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified envelope: by which key, about what, measured when."""

    key: Key
    about: str
    measured_on: date


def open_signed(envelope: bytes, result: bytes, keys: Sequence[Key]) -> Signed:
    """The statement about exactly this result file; a signature that does not hold is refused."""
    opened = read_envelope(envelope)
    if opened.payload_type != PAYLOAD_TYPE:
        raise BadInput("The envelope holds another kind of payload", field="signature")
    message = encoded(opened.payload)
    made = [bytes.fromhex(each.signature) for each in opened.signatures.values()]
    by = next((key for key in keys if any(key.has_signed(each, message) for each in made)), None)
    if by is None:
        raise NotPermitted(
            "No key that is enrolled for this project made this signature",
            "The privacy office enrols keys. Without its signature a result waits for acceptance.",
            field="signature",
        )
    about, day = _read(read_object(opened.payload), result)
    return Signed(by, about, day)


def sign(result: bytes, about: str, measured_on: date, private_pem: bytes) -> bytes:
    """The envelope, made where the build runs; needs no installation of this product's records."""
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": "result.json", "digest": {"sha256": hashlib.sha256(result).hexdigest()}}
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {"about": about, "measured_on": measured_on.isoformat()},
    }
    payload = bytes(rfc8785.dumps(statement))
    key_id, value = _signature(private_pem, encoded(payload))
    return json.dumps(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{"keyid": key_id, "sig": base64.b64encode(value).decode()}],
        }
    ).encode()


def _signature(private_pem: bytes, message: bytes) -> tuple[str, bytes]:
    try:
        key = serialization.load_pem_private_key(private_pem, None)
    except (ValueError, TypeError) as error:
        raise BadInput("This is not an unencrypted private key in PEM", field="key") from error
    if isinstance(key, ed25519.Ed25519PrivateKey):
        value = key.sign(message)
    elif isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in HASHES:
        value = key.sign(message, ec.ECDSA(HASHES[key.curve.name]()))
    else:
        raise BadInput("This kind of key is not accepted", "Ed25519, or ECDSA on P-256 or P-384.", field="key")  # fmt: skip
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest(), value


def _read(statement: dict[str, Any], result: bytes) -> tuple[str, date]:
    if statement.get("_type") != STATEMENT_TYPE or statement.get("predicateType") != PREDICATE_TYPE:
        raise BadInput("The signed statement is of another type", field="signature")
    if list(subjects(statement).values()) != [hashlib.sha256(result).hexdigest()]:
        raise BadInput("The signature is for another result file", field="signature")
    predicate = statement.get("predicate")
    try:
        return str(predicate["about"]), date.fromisoformat(predicate["measured_on"])  # type: ignore[index]
    except (TypeError, KeyError, ValueError) as error:
        raise BadInput(
            "The signed statement does not say what was measured and when",
            'Its predicate has "about" (model:ID or dataset:ID) and "measured_on" (YYYY-MM-DD).',
            field="signature",
        ) from error
