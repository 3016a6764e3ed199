"""RFC 3161 tokens over checkpoints: somebody outside says when the note existed.

The stamped data are the bytes of the note as they stood, so that
``openssl ts -verify -data checkpoint -in checkpoint.tsr`` checks the same thing.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from urllib.error import URLError

from asn1crypto import algos, cms, pem, tsp, x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import Connection, insert, select

from assessments.errors import BadInput, CannotSay, NotFound
from assessments.ledger.checkpoint import note_at
from assessments.ledger.tables import ledger_endorsement

MAX_RESPONSE = 1_000_000
TIMEOUT = 20
_GRANTED = {"granted", "granted_with_mods"}


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stored token with the note that it covers."""

    note: str
    response: bytes


def make_request(data: bytes, nonce: int) -> bytes:
    """A TimeStampReq over the SHA-256 of the data, asking for the certificate."""
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "hashed_message": hashlib.sha256(data).digest(),
    }
    request = tsp.TimeStampReq(
        {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    )
    return bytes(request.dump())


def ask(url: str, data: bytes, root: bytes) -> bytes:
    """The authority's response over the data, verified before it is returned."""
    nonce = secrets.randbits(64)
    response = send_request(url, make_request(data, nonce))
    verify_response(response, data, root, nonce=nonce)
    return response


def send_request(url: str, request: bytes) -> bytes:
    """What the authority answers to a request, of bounded size and not verified yet."""
    if not url.startswith(("https://", "http://")):
        raise BadInput("A time-stamping authority has an http or https address", field="url")
    asked = urllib.request.Request(  # noqa: S310
        url, request, {"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
            response = answer.read(MAX_RESPONSE + 1)
    except (URLError, OSError) as error:
        raise CannotSay(
            "The time-stamping authority does not answer",
            f"{type(error).__name__}. The checkpoint stands; ask again later.",
        ) from error
    return bytes(response)


def verify_response(
    response: bytes, data: bytes, root: bytes, *, nonce: int | None = None
) -> datetime:
    """The time that the token states, or BadInput saying what does not hold.

    The certificate must lead to ``root`` (DER), be for time-stamping alone (RFC 3161 section 2.3)
    and be valid at the stated time.
    """
    token, info = _read(response)
    if info["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
        raise BadInput("The token does not use SHA-256", field="token")
    imprint = hashlib.sha256(data).digest()
    if info["message_imprint"]["hashed_message"].native != imprint:
        raise BadInput("The token is about other data", field="token")
    if nonce is not None and info["nonce"].native != nonce:
        raise BadInput("The token answers another request", field="token")
    moment: datetime = info["gen_time"].native
    _check_signature(token, imprint, root, moment)
    return moment


def read_root(data: bytes) -> bytes:
    """A root certificate's DER out of a PEM or DER file."""
    try:
        return pem.unarmor(data)[2] if pem.detect(data) else bytes(data)
    except ValueError as error:
        raise BadInput("This is not a certificate", field="root") from error


def keep(connection: Connection, size: int, stamped: Stamped, now: datetime) -> None:
    """Keep a response beside the checkpoint at ``size``; ask for it before the change begins."""
    if note_at(connection, size) is None:
        raise NotFound(f"There is no checkpoint at {size}", field="size")
    connection.execute(
        insert(ledger_endorsement).values(
            size=size,
            kind="timestamp",
            content=stamped.response,
            note=stamped.note,
            at=now.isoformat(timespec="seconds"),
        )
    )


def stamps_at(connection: Connection, size: int) -> list[Stamped]:
    """The tokens over the checkpoint at ``size``, the oldest first."""
    rows = connection.execute(
        select(ledger_endorsement.c.note, ledger_endorsement.c.content)
        .where(ledger_endorsement.c.size == size, ledger_endorsement.c.kind == "timestamp")
        .order_by(ledger_endorsement.c.id)
    )
    return [Stamped(row.note, bytes(row.content)) for row in rows]


def _read(response: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    if len(response) > MAX_RESPONSE:
        raise BadInput("The response is too large", field="token")
    try:
        parsed = tsp.TimeStampResp.load(response, strict=True)
        status = parsed["status"]["status"].native
        if status not in _GRANTED:
            raise BadInput(f"The time-stamping authority refused: {status}", field="token")
        token = parsed["time_stamp_token"]["content"]
        info = token["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            raise BadInput("The response holds no time-stamp", field="token")
        _ = info.native
        _check_frame(token)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput("This is not a time-stamp response", field="token") from error
    return token, info


def _check_frame(token: cms.SignedData) -> None:
    """No signature covers these fields, so only their one sensible value passes (RFC 5652 5.1)."""
    signers = token["signer_infos"]
    declared = [item["algorithm"].native for item in token["digest_algorithms"]]
    if (
        len(signers) != 1
        or token["version"].native != "v3"
        or signers[0]["version"].native != "v1"
        or declared != [signers[0]["digest_algorithm"]["algorithm"].native]
    ):
        raise ValueError("unusual frame")


def _check_signature(token: cms.SignedData, imprint: bytes, root: bytes, moment: datetime) -> None:
    try:
        trusted = x509.Certificate.load(root, strict=True)
        context = ValidationContext(
            trust_roots=[trusted], allow_fetching=False, moment=moment, revocation_mode="soft-fail"
        )
        status = asyncio.run(validate_tst_signed_data(token, context, lambda _: imprint))
    except Exception as error:
        raise BadInput(
            "The token's signature cannot be verified", type(error).__name__, field="token"
        ) from error
    used = status["signing_cert"].extended_key_usage_value
    purposes = used.native if used is not None else []
    if not status["intact"] or not status["valid"]:
        raise BadInput("The token's signature is wrong", field="token")
    if status.get("trust_problem_indic") is not None or not status.get("validation_path"):
        raise BadInput("The token's certificate does not lead to the given root", field="token")
    if purposes != ["time_stamping"]:
        raise BadInput("The token's certificate is not for time-stamping alone", field="token")
