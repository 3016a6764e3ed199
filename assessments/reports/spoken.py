"""The sentences that the layout itself says, looked up for the language of a report.

A template asks with ``say("Sentence with {values}")``; the sentences are read from the templates, so
that none can be forgotten, and the translations reach Typst as data.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from assessments.language import say

TEMPLATES = Path(__file__).parent / "templates"
_ASKED = re.compile(r'\bsay(?:-text)?\("((?:[^"\\]|\\.)*)"')


@cache
def asked() -> tuple[str, ...]:
    """Every sentence of the templates, in English."""
    files = sorted(TEMPLATES.rglob("*.typ"))
    found = [text for file in files for text in _ASKED.findall(file.read_text(encoding="utf-8"))]
    return tuple(dict.fromkeys(found))


def spoken(language: str) -> dict[str, str]:
    """English sentence to the same sentence in that language."""
    return {sentence: say(language, sentence) for sentence in asked()}
