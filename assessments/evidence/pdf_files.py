"""PDF files without scripts, started programs and hidden programs (ISO 32000-2, 12.6.4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf

from assessments.errors import BadInput

MAX_OBJECTS = 200_000
_RUNS = {"/JavaScript": "a script", "/Launch": "a program that it starts", "/Rendition": "a script"}
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"PK")


def check(file: Path) -> None:
    """BadInput when the file is damaged, locked, or holds something that runs."""
    try:
        with pikepdf.open(file) as document:
            _check_objects(document)
            _check_attachments(document)
    except pikepdf.PasswordError as error:
        raise BadInput(
            "The PDF is locked with a password", "Nobody can look into it. Save it without one."
        ) from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise BadInput(
            "The PDF is damaged", "Save it again with the program that made it."
        ) from error


def _check_objects(document: pikepdf.Pdf) -> None:
    if len(document.objects) > MAX_OBJECTS:
        raise BadInput("The PDF is too complex to look into", f"At most {MAX_OBJECTS} objects.")
    for item in document.objects:
        for entry in _dictionaries(item):
            kind = str(entry.get("/S", ""))
            if kind in _RUNS:
                raise BadInput(
                    f"The PDF holds {_RUNS[kind]}", "Save it without, for example as PDF/A."
                )
            if "/JS" in entry:
                raise BadInput("The PDF holds a script", "Save it without, for example as PDF/A.")


def _dictionaries(item: Any, depth: int = 0) -> list[Any]:
    """The direct dictionaries of one object; indirect ones are objects of their own."""
    if depth > 20:
        raise BadInput("The PDF is nested too deeply to look into")
    if isinstance(item, pikepdf.Array):
        return [d for part in item if _is_direct(part) for d in _dictionaries(part, depth + 1)]
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return []
    entry = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    inner = [entry[key] for key in entry]
    return [
        entry,
        *(d for part in inner if _is_direct(part) for d in _dictionaries(part, depth + 1)),
    ]


def _is_direct(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _check_attachments(document: pikepdf.Pdf) -> None:
    for attachment in document.attachments.values():
        if attachment.get_file().read_bytes()[:8].startswith(_PROGRAM_STARTS):
            raise BadInput(
                "A program or an archive is attached to the PDF", "Save it without attachments."
            )
