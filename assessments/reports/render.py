"""A frozen record typeset as PDF/A-3a and PDF/UA-1, with the record attached and boxes to sign in.

Deterministic: the time of the document is the time of freezing, fonts are the vendored ones, and
nothing is read from the machine, so that anybody can render the attached record again and compare.
No user text is ever Typst source: it reaches the templates as JSON only.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from assessments.errors import BadInput
from assessments.reports.fields import SignatureBox, add_signature_fields
from assessments.reports.glyphs import FONTS, coverage
from assessments.reports.record import Record, read_record
from assessments.reports.text import Cleaning
from assessments.reports.view import make_view

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS = ["a-3a", "ua-1"]
_MAX_ATTEMPTS = 40
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_compiling = threading.Lock()


def render_report(
    record: bytes,
    *,
    proof: bytes | None = None,
    checkpoint: bytes | None = None,
    entry: bytes | None = None,
) -> bytes:
    """The report of a canonical record, ready to be signed; same input, same bytes.

    entry, proof and checkpoint are those of the ledger entry of freezing; they are attached too.
    """
    checked = read_record(record)
    attached = {"record": record.decode("utf-8")} | {
        name: data.decode("utf-8")
        for name, data in (("proof", proof), ("checkpoint", checkpoint), ("entry", entry))
        if data is not None
    }
    with _compiling:
        pdf, boxes = _compile(checked, attached)
    return add_signature_fields(pdf, boxes)


def _compile(record: Record, attached: dict[str, str]) -> tuple[bytes, list[SignatureBox]]:
    """Compile; a character that shaping cannot show after all is replaced and tried again."""
    refused: frozenset[str] = frozenset()
    for _ in range(_MAX_ATTEMPTS):
        inputs = attached | {"view": _view(record, refused, "proof" in attached)}
        try:
            pdf = _compiler().compile(
                TEMPLATES / "report.typ",
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,  # type: ignore[arg-type]
                timestamp=int(_utc(record.frozen_at).timestamp()),
            )
        except typst.TypstError as error:
            refused |= _unshown(error, record)
            continue
        assert isinstance(pdf, bytes)
        return pdf, _boxes()
    raise BadInput(
        "The report cannot be typeset",
        f"More than {_MAX_ATTEMPTS} character sequences have no font.",
    )


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _unshown(error: typst.TypstError, record: Record) -> frozenset[str]:
    """The characters to replace; where the base has a font, the marks on it are to blame."""
    found = _NO_GLYPH.search(error.message)
    if found is None:
        raise BadInput("The report cannot be typeset", error.message[:300]) from error
    characters = frozenset(found.group(1))
    if any(ord(character) not in coverage()[0] for character in characters):
        return characters
    text = record.data.decode("utf-8")
    return frozenset(c for c in set(text) if unicodedata.category(c).startswith("M"))


def _view(record: Record, refused: frozenset[str], has_proof: bool) -> str:
    cleaning = Cleaning(refused=refused)
    view = make_view(record, cleaning, has_proof=has_proof)
    return json.dumps(view | {"layout": layout_digests()}, ensure_ascii=False, sort_keys=True)


def _boxes() -> list[SignatureBox]:
    found = _compiler().query("<signature-box>", field="value")
    values: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return [SignatureBox(**value) for value in values]


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(
        input=TEMPLATES / "report.typ",
        root=TEMPLATES,
        font_paths=fonts,
        ignore_system_fonts=True,
    )


@lru_cache(maxsize=1)
def layout_digests() -> dict[str, str]:
    """What else decides how the report looks: templates, fonts and the typesetter's version."""
    return {
        "templates": _digest(TEMPLATES, "*.typ"),
        "fonts": _digest(FONTS, "*.[ot]tf"),
        "typst": version("typst"),
    }


def _digest(folder: Path, pattern: str) -> str:
    """SHA-256 over the sorted lines ``sha256  name``, as ``sha256sum * | sha256sum`` prints."""
    total = hashlib.sha256()
    for file in sorted(folder.glob(pattern)):
        total.update(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n".encode())
    return total.hexdigest()
