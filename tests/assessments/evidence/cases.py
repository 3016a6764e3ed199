"""Small files of every kind, made here, and the people and assessments that use them."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import pikepdf
import pyarrow as pa
import pyarrow.parquet as pq

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", "")
    + "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def pdf(**root: Any) -> bytes:
    """One empty page; ``root`` is added to the catalogue."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        document.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def pdf_with_program() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["notes.txt"] = pikepdf.AttachedFileSpec(
            document, b"MZ\x90\x00 program"
        )
        document.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"n": [1, 2]}), out)
    return out.getvalue()


def office(main: str, *, more: dict[str, bytes] | None = None) -> bytes:
    """A Word or Excel file as ISO/IEC 29500 packs it, with further parts."""
    kind = "wordprocessingml.document" if main == "word/document.xml" else "spreadsheetml.sheet"
    listing = (
        f'<?xml version="1.0"?><Types><Override PartName="/{main}" ContentType='
        f'"application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", listing)
        archive.writestr(main, "<document/>")
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def notebook(*, count: int | None = 1) -> bytes:
    cell = {
        "cell_type": "code", "source": ["print('x')\n"], "execution_count": count,
        "outputs": [{"output_type": "stream", "text": ["read " + "b" * 64]}],
    }  # fmt: skip
    return json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}).encode()


def pdf_that_unpacks_to(megabytes: int) -> bytes:
    """A PDF whose objects lie in a stream of blanks (ISO 32000-2, 7.5.7): a few bytes for a gigabyte."""
    packer = zlib.compressobj(9)
    blanks = b" " * (1 << 20)
    packed = packer.compress(b"5 0 null")
    packed += b"".join(packer.compress(blanks) for _ in range(megabytes))
    packed += packer.flush()
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>",
        2: b"<</Type/Pages/Kids[]/Count 0>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (len(packed), packed),
    }
    out, rows = b"%PDF-1.5\n", {0: (0, 0), 5: (2, 4), 3: (0, 0)}
    for number, data in objects.items():
        rows[number] = (1, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    start = len(out)
    rows[6] = (1, start)
    table = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + b"\0"
        for _, (kind, place) in sorted(rows.items())
    )
    about = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>" % len(table)
    return out + b"6 0 obj\n%s stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        about, table, start,
    )  # fmt: skip
