"""Typst with the vendored fonts alone: nothing is read from the machine, no user text is ever source."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from assessments.errors import BadInput
from assessments.reports.glyphs import FONTS, coverage

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS = ["a-3a", "ua-1"]
_MAX_ATTEMPTS = 40
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_compiling = threading.Lock()

Inputs = Callable[[frozenset[str]], Mapping[str, str]]
"""The inputs of a template, with these characters replaced."""


def typeset(
    template: str, inputs: Inputs, *, text: str, at: datetime, label: str = ""
) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF of a template, and the values of its metadata under a label.

    A character of the text that shaping cannot show after all is replaced and tried again.
    """
    refused: frozenset[str] = frozenset()
    with _compiling:
        for _ in range(_MAX_ATTEMPTS):
            try:
                pdf = _compiler(template).compile(
                    TEMPLATES / template,
                    format="pdf",
                    sys_inputs=dict(inputs(refused)),
                    pdf_standards=STANDARDS,  # type: ignore[arg-type]
                    timestamp=int(at.astimezone(UTC).timestamp()),
                )
            except typst.TypstError as error:
                refused |= _unshown(error, text)
                continue
            assert isinstance(pdf, bytes)
            return pdf, _query(template, label) if label else []
    raise BadInput(
        "The report cannot be typeset",
        f"More than {_MAX_ATTEMPTS} character sequences have no font.",
    )


def _unshown(error: typst.TypstError, text: str) -> frozenset[str]:
    """The characters to replace; where the base has a font, the marks on it are to blame."""
    found = _NO_GLYPH.search(error.message)
    if found is None:
        raise BadInput("The report cannot be typeset", error.message[:300]) from error
    characters = frozenset(found.group(1))
    if any(ord(character) not in coverage()[0] for character in characters):
        return characters
    return frozenset(c for c in set(text) if unicodedata.category(c).startswith("M"))


def _query(template: str, label: str) -> list[dict[str, Any]]:
    found = _compiler(template).query(f"<{label}>", field="value")
    values: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return values


@lru_cache(maxsize=4)
def _compiler(template: str) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=fonts,
        ignore_system_fonts=True,
    )
