"""What the signers say about the files of a pack: an in-toto Statement v1 in a DSSE envelope.

The statement names every file with its SHA-256, and the assessment, revision, decision and roles, so
that a signature for one revision says nothing about another. The same payload appears once with
all signatures (``att.dsse.json``) and once per signer as a Sigstore bundle v0.3, because a bundle
holds exactly one signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from assessments.errors import BadInput
from assessments.signing.opened import StatementKey
from assessments.signing.token import TokenKey

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:privacy-workbench:assessment-release:v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's signature over a payload; ``value`` is DER ECDSA over P-256 and SHA-256."""

    key_id: str
    value: bytes


def make_statement(files: Mapping[str, bytes], predicate: Mapping[str, Any]) -> bytes:
    """The canonical payload; every file is a subject, sorted by name."""
    subjects = [
        {"name": name, "digest": {"sha256": hashlib.sha256(files[name]).hexdigest()}}
        for name in sorted(files)
    ]
    statement = {
        "_type": STATEMENT_TYPE,
        "subject": subjects,
        "predicateType": PREDICATE_TYPE,
        "predicate": dict(predicate),
    }
    return bytes(rfc8785.dumps(statement))


def sign_statement(payload: bytes, key: StatementKey) -> Signature:
    """A person's signature; it may be collected later than others over the same payload."""
    public = _public_key(key.certificate)
    if isinstance(key.key, TokenKey):
        return Signature(public.keyid, key.key.sign_ecdsa(encoded(payload)))
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    signed = envelope.sign(CryptoSigner(key.key, public))
    return Signature(signed.keyid, bytes.fromhex(signed.signature))


def encoded(payload: bytes) -> bytes:
    """What DSSE signs: the pre-authentication encoding of type and payload."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def envelope_json(payload: bytes, signatures: Sequence[Signature]) -> bytes:
    """The DSSE envelope with all signatures, compact JSON."""
    return _compact(_envelope(payload, signatures))


def bundle_json(payload: bytes, signature: Signature) -> bytes:
    """A Sigstore bundle v0.3 with one signature and a hint to its public key."""
    return _compact(
        {
            "mediaType": BUNDLE_TYPE,
            "verificationMaterial": {
                "publicKey": {"hint": signature.key_id},
                "tlogEntries": [],
            },
            "dsseEnvelope": _envelope(payload, [signature]),
        }
    )


def key_id(certificate: x509.Certificate) -> str:
    """SHA-256 of the public key (SubjectPublicKeyInfo, DER) in hexadecimal."""
    return hashlib.sha256(
        certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).hexdigest()


def open_envelope(data: bytes, certificates: Sequence[x509.Certificate]) -> dict[str, Any]:
    """The statement of an envelope that each of the certificates' keys has signed, or BadInput."""
    envelope = read_envelope(data)
    return _verify(envelope, certificates)


def open_bundle(data: bytes, certificate: x509.Certificate) -> dict[str, Any]:
    """The statement of a bundle that this certificate's key has signed, or BadInput."""
    bundle = read_object(data)
    if bundle.get("mediaType") != BUNDLE_TYPE or set(bundle) != {
        "mediaType", "verificationMaterial", "dsseEnvelope",
    }:  # fmt: skip
        raise BadInput("This is not a Sigstore bundle v0.3")
    hint = {"publicKey": {"hint": key_id(certificate)}, "tlogEntries": []}
    if bundle["verificationMaterial"] != hint:
        raise BadInput("The bundle names another key")
    return _verify(_parse_envelope(bundle["dsseEnvelope"]), [certificate])


def read_envelope(data: bytes) -> Envelope:
    """The envelope as DSSE defines it, or BadInput; nothing is verified yet."""
    return _parse_envelope(read_object(data))


def _envelope(payload: bytes, signatures: Sequence[Signature]) -> dict[str, Any]:
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [
            {"keyid": s.key_id, "sig": base64.b64encode(s.value).decode()} for s in signatures
        ],
    }


def _public_key(certificate: x509.Certificate) -> SSlibKey:
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise BadInput("A statement is signed with an elliptic-curve key")
    return SSlibKey.from_crypto(public, keyid=key_id(certificate))


def read_object(data: bytes) -> dict[str, Any]:
    """A JSON object of limited size, or BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput("The statement is too large")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput("The statement is not JSON") from error
    if not isinstance(content, dict):
        raise BadInput("The statement is not a JSON object")
    return content


def _parse_envelope(content: Any) -> Envelope:
    if not isinstance(content, dict) or set(content) != {"payload", "payloadType", "signatures"}:
        raise BadInput("The envelope has other parts than DSSE defines")
    try:
        base64.b64decode(content["payload"], validate=True)
        for signature in content["signatures"]:
            if set(signature) != {"keyid", "sig"}:
                raise BadInput("A signature of the envelope has other parts than DSSE defines")
            base64.b64decode(signature["sig"], validate=True)
        return Envelope.from_dict(json.loads(json.dumps(content)))
    except (TypeError, KeyError, ValueError, AttributeError, binascii.Error) as error:
        raise BadInput("The envelope is malformed") from error


def _verify(envelope: Envelope, certificates: Sequence[x509.Certificate]) -> dict[str, Any]:
    keys = [_public_key(certificate) for certificate in certificates]
    if envelope.payload_type != PAYLOAD_TYPE:
        raise BadInput("The envelope holds another kind of payload")
    if set(envelope.signatures) != {key.keyid for key in keys}:
        raise BadInput("The signatures are not exactly those of the expected keys")
    try:
        envelope.verify(keys, threshold=len(keys))
    except (VerificationError, ValueError) as error:
        raise BadInput("A signature does not verify") from error
    return _read_statement(envelope.payload)


def _read_statement(payload: bytes) -> dict[str, Any]:
    statement = read_object(payload)
    if (
        statement.get("_type") != STATEMENT_TYPE
        or statement.get("predicateType") != PREDICATE_TYPE
        or set(statement) != {"_type", "subject", "predicateType", "predicate"}
    ):
        raise BadInput("The statement is of another type")
    if rfc8785.dumps(statement) != payload:
        raise BadInput("The statement is not canonical JSON")
    return statement


def subjects(statement: Mapping[str, Any]) -> dict[str, str]:
    """File name to SHA-256, or BadInput when malformed or a name occurs twice."""
    try:
        pairs = [(s["name"], s["digest"]["sha256"]) for s in statement["subject"]]
    except (TypeError, KeyError) as error:
        raise BadInput("The subjects of the statement are malformed") from error
    if len(dict(pairs)) != len(pairs):
        raise BadInput("The statement names a file twice")
    return dict(pairs)


def _compact(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode() + b"\n"
