"""An archive time-stamp over a signed report (PAdES B-LTA, ETSI EN 319 142-1, 5.5).

An authority outside says when the whole file, signatures and revocation lists included, existed, so
that it can be checked after the signers' certificates have ended. It is the last revision.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from asn1crypto import tsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from assessments.errors import BadInput, NotPossibleNow
from assessments.ledger.timestamp import send_request
from assessments.signing.pdf import UntouchedMetadataWriter, signing_roles

FIELD = "archive"
Ask = Callable[[bytes], bytes]


class _Outside(TimeStamper):
    """Asks an authority over HTTP, or whatever ``ask`` stands for."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            return tsp.TimeStampResp.load(self._ask(req.dump()), strict=True)
        except ValueError as error:
            raise BadInput("This is not a time-stamp response", field="token") from error


def at_address(url: str) -> Ask:
    """An authority's address as something to ask."""
    return lambda request: send_request(url, request)


def stamp(pdf: bytes, ask: Ask, root: bytes) -> bytes:
    """The report with a time-stamp over all of it; NotPossibleNow before the last signature."""
    writer = UntouchedMetadataWriter(io.BytesIO(pdf), strict=True)
    done = [signature.field_name for signature in writer.prev.embedded_signatures]
    if not done or done != signing_roles(writer.prev):
        raise NotPossibleNow(
            "The report is not ready for its archive time-stamp",
            f"It is stamped once, after all have signed; signed: {', '.join(done) or 'nobody'}.",
        )
    stamper = signers.PdfTimeStamper(_Outside(ask), field_name=FIELD)
    stamped = stamper.timestamp_pdf(
        writer,
        "sha256",
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )
    data = bytes(stamped.getvalue())
    check_stamp(data, root)
    return data


def check_stamp(pdf: bytes, root: bytes) -> datetime:
    """When the file was stamped; BadInput when the stamp does not cover it or lead to ``root``."""
    found = stamp_of(PdfFileReader(io.BytesIO(pdf), strict=True))
    if found is None:
        raise BadInput("The report carries no archive time-stamp")
    return validate(found, root)


def stamp_of(reader: Any) -> Any | None:
    """The one archive time-stamp of a file, or None."""
    stamps = reader.embedded_timestamp_signatures
    if len(stamps) > 1:
        raise BadInput("The report carries more than one archive time-stamp")
    return stamps[0] if stamps else None


def validate(found: Any, root: bytes) -> datetime:
    """The time that the stamp states, validated at that time against the authority's root (DER)."""
    stated = _stated(found)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(root, strict=True)],
        allow_fetching=False,
        moment=stated,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_timestamp(found, context)
    if not status.intact or not status.valid:
        raise BadInput("The archive time-stamp is wrong")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise BadInput("Something follows the archive time-stamp")
    if not status.trusted:
        raise BadInput("The archive time-stamp does not lead to the given root")
    purposes = status.signing_cert.extended_key_usage_value
    if purposes is None or purposes.native != ["time_stamping"]:
        raise BadInput("The stamp's certificate is not for time-stamping alone")
    return stated


def _stated(found: Any) -> datetime:
    info: Any = found.signed_data["encap_content_info"]["content"].parsed
    stated: datetime = info["gen_time"].native
    return stated
