"""PAdES signatures on a report: the author certifies, then the data protection officer, then the
approver, who locks the document. One revision a signature, revocation lists in the same revision.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import crl, keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from assessments.errors import BadInput, NotPossibleNow
from assessments.language import ENGLISH, say, sentence
from assessments.signing.certificates import person_of
from assessments.signing.opened import DocumentKey
from assessments.signing.roles import SIGNERS, in_order
from assessments.signing.token import TokenKey, pdf_signer

STAMP_FONT = Path(__file__).parent / "fonts" / "NotoSans-Stamp.ttf"
_PERMISSIONS = {
    "author": fields.MDPPerm.FILL_FORMS,
    "dpo": fields.MDPPerm.FILL_FORMS,
    "approver": fields.MDPPerm.NO_CHANGES,
}
_ROLE_WORDS = {
    "author": sentence("Author"),
    "dpo": sentence("Data protection officer"),
    "approver": sentence("Approver"),
}


def _is_news(message: logging.LogRecord) -> bool:
    """Nothing is ever fetched here; the library's warning that this may surprise is no news."""
    return "fetching is not allowed" not in message.getMessage()


logging.getLogger("pyhanko.sign.signers.pdf_signer").addFilter(_is_news)


class UntouchedMetadataWriter(IncrementalPdfFileWriter):
    """Leaves XMP, Producer and ModDate as they are: rewriting them would break PDF/A."""

    def _update_meta(self) -> None:
        return None


class _SignerAtTime(signers.PdfSigner):
    """Signs at a given moment instead of the clock's."""

    moment: datetime

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self.moment
        return session


def sign_report(
    pdf: bytes,
    role: str,
    key: DocumentKey,
    *,
    reason: str,
    at: datetime | None = None,
    timestamper: Any = None,
    language: str = ENGLISH,
) -> bytes:
    """The report with one more signature; NotPossibleNow unless it is this role's turn."""
    writer = UntouchedMetadataWriter(io.BytesIO(pdf), strict=True)
    _check_turn(writer, role)
    with _opened(key) as own:
        signer = _SignerAtTime(
            _metadata(role, key, reason),
            signer=own,
            timestamper=timestamper,
            stamp_style=_stamp_style(language),
        )
        signer.moment = (at or datetime.now(UTC)).astimezone(UTC)
        signed = signer.sign_pdf(
            writer,
            existing_fields_only=True,
            appearance_text_params=_stamp_words(role, key, reason, language),
        )
    return bytes(signed.getvalue())


def _check_turn(writer: IncrementalPdfFileWriter, role: str) -> None:
    roles = signing_roles(writer.prev)
    if role not in roles:
        raise BadInput("This role does not sign the report", f"One of {', '.join(roles)}.")
    done = [signature.field_name for signature in writer.prev.embedded_signatures]
    if done != roles[: roles.index(role)]:
        raise NotPossibleNow(
            "It is not this role's turn to sign",
            f"Signatures so far: {', '.join(done) or 'none'}; the order is {', '.join(roles)}.",
        )


def signing_roles(reader: Any) -> list[str]:
    """The roles that have a box in this report, in its order, which is that of signing."""
    if "/AcroForm" not in reader.root:
        return []
    named = [str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]]
    return list(in_order(named))


def _metadata(role: str, key: DocumentKey, reason: str) -> signers.PdfSignatureMetadata:
    return signers.PdfSignatureMetadata(
        field_name=role,
        md_algorithm="sha256",
        reason=reason,
        name=person_of(key.certificate)[1],
        certify=role == SIGNERS[0],
        docmdp_permissions=_PERMISSIONS[role],
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=_context(key),
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )


@contextmanager
def _opened(key: DocumentKey) -> Iterator[signers.Signer]:
    """The key as pyHanko takes it: from memory, or through an open session on its token."""
    if isinstance(key.key, TokenKey):
        chain = [_asn1(key.issuing), _asn1(key.root)]
        with pdf_signer(key.key, _asn1(key.certificate), chain) as found:
            yield found
    else:
        yield _simple_signer(key, key.key)


def _simple_signer(key: DocumentKey, own: rsa.RSAPrivateKey) -> signers.SimpleSigner:
    store = SimpleCertificateStore()
    store.register_multiple([_asn1(key.issuing), _asn1(key.root)])
    private = own.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signers.SimpleSigner(
        signing_cert=_asn1(key.certificate),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
        embed_roots=False,
    )


def _context(key: DocumentKey) -> ValidationContext:
    return ValidationContext(
        trust_roots=[_asn1(key.root)],
        other_certs=[_asn1(key.issuing)],
        crls=[crl.CertificateList.load(data) for data in key.revocation_lists],
        allow_fetching=False,
        revocation_mode="require",
    )


def _asn1(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _stamp_style(language: str) -> TextStampStyle:
    return TextStampStyle(
        stamp_text=f"%(name)s\n%(role)s\n%(reason)s\n%(ts)s\n{say(language, 'Certificate')} %(serial)s",
        timestamp_format="%Y-%m-%d %H:%M:%S UTC",
        border_width=0,
        background=None,
        text_box_style=TextBoxStyle(
            font=GlyphAccumulatorFactory(str(STAMP_FONT)), font_size=8, leading=11
        ),
        inner_content_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(8, 8, 5, 5),
            inner_content_scaling=InnerScaling.SHRINK_TO_FIT,
        ),
    )


def _stamp_words(role: str, key: DocumentKey, reason: str, language: str) -> dict[str, str]:
    serial = f"{key.certificate.serial_number:x}"[:16]
    name = person_of(key.certificate)[1]
    words = {
        "name": name,
        "role": say(language, _ROLE_WORDS[role]),
        "reason": reason[:60],
        "serial": serial,
    }
    return {label: _stampable(text) for label, text in words.items()}


def _stampable(text: str) -> str:
    """What the stamp's font can show; the full name is in the certificate and in the report."""
    return "".join(c if ord(c) in _stamp_letters() else f"[U+{ord(c):04X}]" for c in text)


@lru_cache(maxsize=1)
def _stamp_letters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(STAMP_FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())
