"""Forged twins of a genuine report: each is what an attacker without the keys could make."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import fields

from assessments.signing import certificates
from assessments.signing import pdf as signing
from tests.assessments.signing.signed_pack import (
    PEOPLE,
    SignedPack,
    new_authority,
    passphrase,
    sign_all,
)

name = generic.pdf_name


def flipped(genuine: SignedPack) -> bytes:
    """One bit of the first page's content."""
    at = genuine.report.index(b"stream\n") + 200
    return _with(genuine.report, at, genuine.report[at] ^ 1)


def padding_filled(genuine: SignedPack) -> bytes:
    """A digit in the zeros after the last signature, which nothing signs."""
    _, end = _last_container(genuine.report)
    return _with(genuine.report, end - 3, ord("1"))


def shadowed(genuine: SignedPack) -> bytes:
    """An appended update that replaces the content of the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine.report))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    while "/Kids" in page:
        page = page["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
    writer.update_container(page)
    return _written(writer)


def attachment_swapped(genuine: SignedPack) -> bytes:
    """An appended update that puts another record into the file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine.report))
    reader = writer.prev
    for reference in list(reader.xrefs.explicit_refs_in_revision(0)):
        found = reader.get_object(generic.Reference(*_pair(reference), reader))
        if isinstance(found, generic.DictionaryObject) and found.get("/Type") == "/EmbeddedFile":
            found._data, found._encoded_data = b"{}", None
            writer.mark_update(generic.Reference(*_pair(reference), reader))
            return _written(writer)
    raise AssertionError("no attachment found")


def annotated(genuine: SignedPack) -> bytes:
    """An appended note that says something else than the decision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine.report))
    page = writer.find_page_for_modification(0)[0].get_object()
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 700, 400, 730))),
            name("/Contents"): generic.TextStringObject("Approved without conditions"),
        }
    )
    existing = list(page["/Annots"]) if "/Annots" in page else []
    page["/Annots"] = generic.ArrayObject([*existing, writer.add_object(note)])
    writer.update_container(page)
    return _written(writer)


def with_junk(genuine: SignedPack) -> bytes:
    return genuine.report + b"\n% nothing to see here\n"


def cut_back(genuine: SignedPack) -> bytes:
    """Only the author's revision."""
    return genuine.revisions[0]


def stripped(genuine: SignedPack) -> bytes:
    return genuine.base


def rewritten(genuine: SignedPack) -> bytes:
    """The whole file saved again by another program."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(genuine.report)) as document:
        document.save(out)
    return out.getvalue()


def other_root(genuine: SignedPack) -> bytes:
    """The same names under a root that the attacker made."""
    return sign_all(new_authority(), genuine.base)[-1]


def hidden_before_signing(genuine: SignedPack) -> bytes:
    """Pages that say something else than the record, then signed by the real people."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(genuine.base)) as document:
        document.pages[0].contents_add(b"q 1 1 1 rg 0 0 300 300 re f Q", prepend=False)
        document.save(out, deterministic_id=True, fix_metadata_version=False)
    return sign_all(genuine.authority, out.getvalue())[-1]


def fourth_signature(genuine: SignedPack) -> bytes:
    """One more signature by somebody with a good certificate."""
    authority = genuine.authority
    if not authority.has_keys("eve"):
        authority.issue("eve", "Eve Inside", "eve")
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine.report))
    fields.append_signature_field(writer, fields.SigFieldSpec("extra"))
    key = authority.document_key("eve", "eve")
    signer = signing.signers.PdfSigner(
        signing.signers.PdfSignatureMetadata(field_name="extra"),
        signer=signing._simple_signer(key, key.key),
    )
    return bytes(signer.sign_pdf(writer).getvalue())


def roles_swapped(genuine: SignedPack) -> bytes:
    """The approver signs in the author's box and the other way round."""
    current = genuine.base
    for role, person in zip(signing.SIGNERS, ("approver", "dpo", "author"), strict=True):
        identifier = PEOPLE[person][0]
        key = genuine.authority.document_key(identifier, passphrase(identifier))
        current = signing.sign_report(current, role, key, reason="x")
    return current


def page_added(genuine: SignedPack) -> bytes:
    """An appended update with one more page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(genuine.report))
    content = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))
    return _written(writer)


def byte_range_nulled(genuine: SignedPack) -> bytes:
    """The last signature no longer says which bytes it covers (universal signature forgery)."""
    last = list(re.finditer(rb"/ByteRange *\[[^\]]*\]", genuine.report))[-1]
    null = b"/ByteRange null".ljust(len(last[0]))
    return genuine.report[: last.start()] + null + genuine.report[last.end() :]


def signed_after_its_end(genuine: SignedPack) -> bytes:
    """The approver's place signed under a certificate that had ended, by the organisation's own."""
    return _as_approver(genuine, certificates.new_document_key(), years=3)


def signed_with_ed25519(genuine: SignedPack) -> bytes:
    """The approver's place signed with a kind of key that other readers cannot check."""
    return _as_approver(genuine, Ed25519PrivateKey.generate(), digest="sha512")


def signed_with_a_small_key(genuine: SignedPack) -> bytes:
    """The approver's place signed with RSA-2048."""
    return _as_approver(genuine, rsa.generate_private_key(65537, 2048))


def _as_approver(genuine: SignedPack, own: Any, *, years: int = 0, digest: str = "sha256") -> bytes:
    """The third signature as the product makes it, but for the key or the certificate's time."""
    who, called = PEOPLE["approver"]
    begun = datetime.now(UTC) - timedelta(days=365 * years)
    made = certificates.make_person(
        genuine.authority._issuing, own.public_key(), who, called, begun
    )
    key = replace(genuine.authority.document_key(who, passphrase(who)), certificate=made, key=own)
    meta = signing.signers.PdfSignatureMetadata(
        field_name="approver",
        md_algorithm=digest,
        subfilter=fields.SigSeedSubFilter.PADES,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    signer = signing.signers.PdfSigner(meta, signer=signing._simple_signer(key, own))
    writer = signing.UntouchedMetadataWriter(io.BytesIO(genuine.revisions[1]), strict=True)
    return bytes(signer.sign_pdf(writer, existing_fields_only=True).getvalue())


def rightly_signed(genuine: SignedPack) -> bytes:
    """No forgery: what ``_as_approver`` makes with a good key, so that a twin differs in one thing."""
    return _as_approver(genuine, certificates.new_document_key())


FORGERIES: dict[str, Callable[[SignedPack], bytes]] = {
    forge.__name__: forge
    for forge in (
        flipped, padding_filled, shadowed, attachment_swapped, annotated, with_junk, cut_back,
        stripped, rewritten, other_root, hidden_before_signing, fourth_signature, roles_swapped,
    )
}  # fmt: skip


OTHERS: dict[str, Callable[[SignedPack], bytes]] = {
    forge.__name__: forge
    for forge in (
        page_added, byte_range_nulled, signed_after_its_end, signed_with_ed25519,
        signed_with_a_small_key,
    )
}  # fmt: skip
"""Twins that other people's programs judge in other ways, or not at all."""


def _last_container(data: bytes) -> tuple[int, int]:
    """Where the last signature's hexadecimal container begins and ends."""
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    return start, data.index(b">", start)


def _with(data: bytes, at: int, value: int) -> bytes:
    changed = bytearray(data)
    changed[at] = value
    return bytes(changed)


def _pair(reference: object) -> tuple[int, int]:
    return reference.idnum, reference.generation  # type: ignore[attr-defined]


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
