"""Which column probably holds what, by its header; a person decides.

Confidence: 1 when the header is a known one, less when a known one is a part of it, or when they
share most of their words. Below 0.5 nothing is proposed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assessments.errors import BadInput
from assessments.exchange.register_sheet.mapping import SEVERAL, Mapping
from assessments.exchange.sheets import Sheet
from assessments.exchange.vocabulary import vocabulary

LEAST = 0.5
SURE = 0.8
SEARCHED_ROWS = 20
PREVIEWED = 5
_STOP = frozenset(
    [
        "of",
        "the",
        "for",
        "and",
        "or",
        "de",
        "des",
        "du",
        "la",
        "le",
        "les",
        "d",
        "l",
        "der",
        "die",
        "das",
        "und",
        "von",
    ]
)


@dataclass(frozen=True, slots=True)
class Match:
    """One column: its header, what it probably holds ("" when unknown), and how sure that is."""

    header: str
    field: str
    confidence: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to start from, each column with its confidence, and the first rows."""

    mapping: Mapping
    matches: tuple[Match, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


def propose(sheets: Sequence[Sheet], place: str = "") -> Proposal:
    """The best header row of the best sheet; BadInput when no row looks like a register's header."""
    best: tuple[float, Sheet, int, dict[int, tuple[str, float]]] | None = None
    for sheet in sheets:
        for at, (_, cells) in enumerate(sheet.rows[:SEARCHED_ROWS]):
            found = match_headers(cells)
            score = sum(confidence for _, confidence in found.values())
            if len(found) > 1 and (best is None or score > best[0]):
                best = (score, sheet, at, found)
    if best is None:
        detail = "Its first rows name no column of a register, such as purpose or retention."
        raise BadInput("No header was recognised", detail, where={"file": place})
    return _proposal(*best[1:])


def match_headers(header: Sequence[str]) -> dict[int, tuple[str, float]]:
    """Column number -> field and confidence; a field that holds one value gets one column."""
    ranked = sorted(
        ((field, rate(name, field), n) for n, name in enumerate(header) for field in _known()),
        key=lambda entry: -entry[1],
    )
    found: dict[int, tuple[str, float]] = {}
    for field, confidence, column in ranked:
        is_taken = any(field == other for other, _ in found.values())
        may_repeat = field in SEVERAL and confidence >= SURE
        if confidence >= LEAST and column not in found and (may_repeat or not is_taken):
            found[column] = (field, confidence)
    return found


def rate(header: str, field: str) -> float:
    """How sure it is that this header names this field, from 0 to 1."""
    words = plain(header).split()
    return (
        max((rate_words(words, known) for known in _known()[field]), default=0.0) if words else 0.0
    )


def plain(text: str) -> str:
    """Without accents, case and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def rate_words(words: list[str], known: list[str]) -> float:
    """How sure it is that these words name what the known ones name, from 0 to 1."""
    if words == known:
        return 1.0
    if len(words) > 40:
        return 0.0
    span = len(known)
    if any(words[n : n + span] == known for n in range(len(words) - span + 1)):
        return round(0.6 + 0.35 * span / len(words), 2)
    ours, theirs = set(words) - _STOP, set(known) - _STOP
    shared = len(ours & theirs)
    return round(0.8 * shared / len(ours | theirs), 2) if shared > 1 else 0.0


@cache
def _known() -> dict[str, list[list[str]]]:
    table = vocabulary("register_sheet")["headers"]
    return {field: [plain(str(name)).split() for name in names] for field, names in table.items()}


def _proposal(sheet: Sheet, at: int, found: dict[int, tuple[str, float]]) -> Proposal:
    row, header = sheet.rows[at]
    body = [cells for _, cells in sheet.rows[at + 1 :]]
    columns: dict[str, list[str]] = {}
    for column in sorted(found):
        columns.setdefault(found[column][0], []).append(header[column])
    matches = tuple(
        Match(name, *found.get(n, ("", 0.0)), _examples(body, n))
        for n, name in enumerate(header)
        if name
    )
    mapping = Mapping({k: tuple(v) for k, v in columns.items()}, sheet.name, row)
    return Proposal(mapping, matches, tuple(body[:PREVIEWED]), len(body))


def _examples(body: Sequence[Sequence[str]], column: int) -> tuple[str, ...]:
    values = (row[column] for row in body if column < len(row))
    return tuple(dict.fromkeys(value for value in values if value))[:3]
