"""A frozen record typeset as PDF/A-3a and PDF/UA-1, with the record attached and boxes to sign in.

Deterministic: the time of the document is the time of freezing, fonts are the vendored ones, and
nothing is read from the machine, so that anybody can render the attached record again and compare.
No user text is ever Typst source: it reaches the templates as JSON only.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from assessments.reports.fields import SignatureBox, add_signature_fields
from assessments.reports.glyphs import FONTS
from assessments.reports.record import Record, read_record
from assessments.reports.text import Cleaning
from assessments.reports.typesetting import TEMPLATES, typeset
from assessments.reports.view import make_view


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
    pdf, boxes = _compile(checked, attached)
    return add_signature_fields(pdf, boxes) if boxes else pdf


def _compile(record: Record, attached: dict[str, str]) -> tuple[bytes, list[SignatureBox]]:
    def inputs(refused: frozenset[str]) -> dict[str, str]:
        return attached | {"view": _view(record, refused, "proof" in attached)}

    pdf, boxes = typeset(
        "report.typ",
        inputs,
        text=record.data.decode("utf-8"),
        at=record.frozen_at,
        label="signature-box",
    )
    return pdf, [SignatureBox(**box) for box in boxes]


def _view(record: Record, refused: frozenset[str], has_proof: bool) -> str:
    cleaning = Cleaning(refused=refused)
    view = make_view(record, cleaning, has_proof=has_proof)
    return json.dumps(view | {"layout": layout_digests()}, ensure_ascii=False, sort_keys=True)


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
