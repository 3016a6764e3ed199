"""The files attached to a PDF, read with a bound on their size."""

from __future__ import annotations

import io
import zlib

import pikepdf

from assessments.errors import BadInput

MAX_ATTACHMENT = 8 * 1024 * 1024
MAX_ATTACHMENTS = 16


def read_attachments(pdf: bytes) -> dict[str, bytes]:
    """Name to content; BadInput for a hostile, oversized or unreadable file."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            names = list(document.attachments)
            if len(names) > MAX_ATTACHMENTS:
                raise BadInput("The report has too many attachments")
            return {name: _content(document, name) for name in names}
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("The report's attachments cannot be read") from error


def read_attachment(pdf: bytes, name: str) -> bytes:
    """One attachment, or BadInput when it is not there."""
    found = read_attachments(pdf)
    if name not in found:
        raise BadInput(f"The report has no attachment {name}")
    return found[name]


def _content(document: pikepdf.Pdf, name: str) -> bytes:
    stream = document.attachments[name].obj.EF.F
    raw = bytes(stream.read_raw_bytes())
    kind = stream.get("/Filter")
    if isinstance(kind, pikepdf.Array):
        kind = kind[0] if len(kind) == 1 else None
    if kind is None and "/Filter" not in stream:
        return _bounded(raw)
    if kind != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        raise BadInput("An attachment is compressed in an unexpected way")
    return _inflate(raw)


def _inflate(raw: bytes) -> bytes:
    machine = zlib.decompressobj()
    try:
        data = machine.decompress(raw, MAX_ATTACHMENT + 1)
    except zlib.error as error:
        raise BadInput("An attachment is damaged") from error
    return _bounded(data)


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_ATTACHMENT:
        raise BadInput("An attachment is too large", f"At most {MAX_ATTACHMENT} bytes.")
    return data
