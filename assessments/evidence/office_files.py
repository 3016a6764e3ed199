"""Word and Excel files (ISO/IEC 29500) without macros, embedded objects and outside templates."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from assessments.errors import BadInput

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_PARTS = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_LISTING = 2 * 1024 * 1024
MAX_INNER = 20 * 1024 * 1024
_MAINS = {
    f"{DOCX}.main+xml".encode(): DOCX,
    f"{XLSX}.main+xml".encode(): XLSX,
}
_CHART_DATA = re.compile(r"(?i)(^|/)embeddings/[^/]+\.(xlsx|docx)$")
_RUNS = {
    re.compile(r"(?i)vbaproject|vbadata|(^|/)macrosheets/"): "macros",
    re.compile(r"(?i)(^|/)(activex|ctrlprops)/"): "controls",
    re.compile(r"(?i)(^|/)embeddings/|oleobject"): "embedded files",
    re.compile(r"(?i)(^|/)(externallinks)/"): "links to other files",
}
_OUTSIDE = re.compile(
    rb"(?is)<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*Type\s*=\s*[\"'][^\"']*/(?:attachedTemplate|oleObject|frame|subDocument|package)[\"'])"
)


def check(file: Path | BinaryIO, *, is_inner: bool = False) -> str:
    """The media type, or BadInput: not such a file, damaged, too large, or it holds what runs.

    The workbook behind a chart is a file inside the file; it is held to the same, one level deep.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_size(entries)
            listing = _read(archive, "[Content_Types].xml")
            media = next((found for main, found in _MAINS.items() if main in listing), None)
            _check_parts(archive, entries, listing, is_inner=is_inner)
    except (
        zipfile.BadZipFile,
        KeyError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ) as e:
        raise _refused("This archive is no Word or Excel file") from e
    if media is None:
        raise _refused("This archive is no Word or Excel file")
    return media


def _refused(title: str) -> BadInput:
    return BadInput(
        title, "Save it as .docx or .xlsx without macros, embedded files and outside links."
    )


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadInput("The file is too large when unpacked", f"At most {MAX_UNPACKED} bytes.")


def _check_parts(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], listing: bytes, *, is_inner: bool
) -> None:
    if b"macroEnabled" in listing or b"vbaProject" in listing:
        raise _refused("The file holds macros")
    for entry in entries:
        if _CHART_DATA.search(entry.filename) and not is_inner:
            check(BytesIO(_read(archive, entry.filename, MAX_INNER)), is_inner=True)
            continue
        for pattern, what in _RUNS.items():
            if pattern.search(entry.filename):
                raise _refused(f"The file holds {what}")
        if entry.filename.endswith(".rels") and _OUTSIDE.search(_read(archive, entry.filename)):
            raise _refused("The file loads a part from elsewhere")


def _read(archive: zipfile.ZipFile, name: str, limit: int = MAX_LISTING) -> bytes:
    """Counted while it is inflated: the size in the directory may lie."""
    with archive.open(name) as source:
        data = source.read(limit + 1)
    if len(data) > limit:
        raise BadInput(
            "The file is too large when unpacked", f"{limit} bytes are the most for a part."
        )
    return data
