"""User text made safe to typeset: what is invisible or reorders text goes, what has no glyph shows.

NFC first. Control characters, bidi overrides and isolates (they can show another text than the one
that is signed), private-use, surrogate, non-character and tag code points are dropped. A character
that no vendored font shows is written as its code point, ``[U+13000]``, and reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assessments.reports.glyphs import covered, shows

JOINERS = frozenset("\u200c\u200d")
BREAK = "\u200b"
VARIATION = frozenset(chr(point) for point in range(0xFE00, 0xFE10))
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_PLAIN = re.compile(
    r"[\n\t\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2014\u2018-\u201e\u2026\u20ac]*"
)


@dataclass(slots=True)
class Cleaning:
    """Cleans texts and remembers what it replaced or dropped, for the note in the annex."""

    replaced: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def clean(self, text: str) -> str:
        """The text as it is typeset."""
        text = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text)).replace("\t", "    ")
        if _PLAIN.fullmatch(text) and not self.refused:
            return text
        return "".join(self._show(cluster) for cluster in _clusters(self._visible(text)))

    def clean_all(self, value: Any) -> Any:
        """The same for every string inside lists and objects; keys stay as they are."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self.clean_all(item) for item in value]
        if isinstance(value, dict):
            return {key: self.clean_all(item) for key, item in value.items()}
        return value

    def _visible(self, text: str) -> str:
        kept = []
        for character in text:
            if character == "\n" or character in JOINERS or not _is_dropped(character):
                kept.append(character)
            else:
                _count(self.dropped, character)
        return "".join(kept)

    def _show(self, cluster: str) -> str:
        bare = "".join(c for c in cluster if c not in JOINERS and c not in VARIATION)
        if not (self.refused & set(bare)) and (cluster == "\n" or shows(bare)):
            return cluster if any(c.isalpha() for c in bare) else _without_variation(cluster)
        return "".join(self._show_alone(character) for character in bare)

    def _show_alone(self, character: str) -> str:
        is_mark = unicodedata.category(character).startswith("M")
        if ord(character) in covered() and character not in self.refused and not is_mark:
            return character
        _count(self.replaced, character)
        return f"[{name(character)}]"


def name(character: str) -> str:
    """The code point in the usual notation."""
    return f"U+{ord(character):04X}"


def is_right_to_left(text: str) -> bool:
    """Whether the first strong character reads from right to left (UAX 9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def breakable(text: str, longest: int, hyphenated: int = 0) -> str:
    """The text with places to break inside words that are longer than a line may be.

    hyphenated: words of letters alone are left to hyphenation up to this length.
    """

    def divide(word: re.Match[str]) -> str:
        if len(word[0]) <= hyphenated and word[0].strip(".,;:!?()/-").isalpha():
            return word[0]
        parts = list(_clusters(word[0]))
        chunks = [parts[i : i + longest] for i in range(0, len(parts), longest)]
        return BREAK.join("".join(chunk) for chunk in chunks)

    return re.sub(rf"\S{{{longest + 1},}}", divide, text)


def _is_dropped(character: str) -> bool:
    point = ord(character)
    is_noncharacter = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return is_noncharacter or unicodedata.category(character) in _DROPPED_CATEGORIES


def _without_variation(cluster: str) -> str:
    return "".join(character for character in cluster if character not in VARIATION)


def _count(counts: dict[str, int], character: str) -> None:
    counts[name(character)] = counts.get(name(character), 0) + 1


def _clusters(text: str) -> Iterator[str]:
    """Split before each character that is neither a mark nor a joiner."""
    start = 0
    for index in range(1, len(text)):
        character = text[index]
        if character not in JOINERS and not unicodedata.category(character).startswith("M"):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]
