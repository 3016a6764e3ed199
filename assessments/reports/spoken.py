"""The sentences that the layout itself says, looked up for the language of a report.

A template asks with ``say("Sentence with {values}")``; the sentences are read from the templates, so
that none can be forgotten, and the translations reach Typst as data.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from assessments.language import say, sentence
from assessments.signing.roles import SIGNERS

TWO = {
    "Compare the fingerprint": sentence(
        "Compare the fingerprint of the organisation’s root certificate by telephone or on its "
        "web page, then run {command}, or {other} with the root in its certificate store. Two "
        "signatures must be valid and trusted, first the author’s, then the approver’s, and the"
        " last must cover the total document."
    ),
    "Each signature covers": sentence(
        "Each signature covers the whole document as it was at that moment, with the record "
        "attached to it. The author’s signature certifies the document: afterwards only the "
        "approver’s signature may be added. A box without a signature means that the person has"
        " not signed this copy."
    ),
}
"""Sentences of the layout by their beginning, for reports that author and approver sign."""

TEMPLATES = Path(__file__).parent / "templates"
_ASKED = re.compile(r'\bsay(?:-text)?\("((?:[^"\\]|\\.)*)"')


@cache
def asked() -> tuple[str, ...]:
    """Every sentence of the templates, in English."""
    files = sorted(TEMPLATES.rglob("*.typ"))
    found = [text for file in files for text in _ASKED.findall(file.read_text(encoding="utf-8"))]
    return tuple(dict.fromkeys(found))


def spoken(language: str, signers: tuple[str, ...] = SIGNERS) -> dict[str, str]:
    """English sentence to the same sentence in that language, true for the roles that sign.

    The layout speaks of three signatures; its bytes are part of what earlier reports are compared
    with, so the sentences for two are put in the place of those for three.
    """
    words = {sentence: say(language, sentence) for sentence in asked()}
    if len(signers) == len(SIGNERS):
        return words
    return words | {
        sentence: say(language, TWO[beginning])
        for sentence in asked()
        for beginning in TWO
        if sentence.startswith(beginning)
    }
