"""What a cell of a register says, in our words: bases, categories, periods, dates, lists."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from assessments.exchange.register_sheet.propose import plain
from assessments.exchange.vocabulary import period, vocabulary

_LETTER = re.compile(
    r"\b6\s*(?:\.|abs(?:atz)?\.?|para(?:graph)?\.?|al\.?)?\s*\(?\s*1\s*\)?[\s.,]*"
    r"(?:lit(?:era)?|point|buchst(?:abe)?|let(?:tre)?)?[\s.]*\(?\s*([a-f])\b",
    re.IGNORECASE,
)
_BASES = ("consent", "contract", "legal_obligation", "vital_interests", "public_task",
          "legitimate_interests")  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LOCAL = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\Z")


def items(text: str, has_commas: bool = True) -> list[str]:
    """The parts of a cell that holds several values; "none" in three languages is no value."""
    separators = r"," if has_commas and not re.search(r"[;\n•|]", text) else r"[;\n•|]"
    parts = (part.strip(" \t-–") for part in re.split(separators, text))
    return list(dict.fromkeys(part for part in parts if part and plain(part) not in _nothing()))


def basis(text: str) -> str | None:
    """The basis of GDPR Art. 6(1), by its letter or its name; None when none or several are named."""
    letters = {letter.lower() for letter in _LETTER.findall(text)}
    if letters:
        return _BASES["abcdef".index(letters.pop())] if len(letters) == 1 else None
    if text in _BASES:
        return text
    said = f" {plain(text)} "
    found = {
        ours
        for ours, names in vocabulary("register_sheet")["lawful_bases"].items()
        if any(f" {plain(name)} " in said for name in names)
    }
    return found.pop() if len(found) == 1 else None


def category(text: str) -> str | None:
    """Our category for a name of data; the longest known name in it counts."""
    said = f" {plain(text)} "
    found = [(len(name), ours) for name, ours in _categories().items() if f" {name} " in said]
    return max(found)[1] if found else None


def day(text: str, order: str) -> date | None:
    """A date, ISO or with day and month in the stated order; None when it is no date."""
    if found := _ISO.match(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := _LOCAL.match(text):
        first, second, year = (int(part) for part in found.groups())
        number, month = (first, second) if order == "day-first" else (second, first)
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def retention(text: str) -> str | None:
    """One period of time, else None."""
    return period(text)


@cache
def _nothing() -> frozenset[str]:
    return frozenset(plain(str(word)) for word in vocabulary("register_sheet")["nothing"])


@cache
def _categories() -> dict[str, str]:
    table = vocabulary("register_sheet")["categories"]
    known = {plain(str(name)): ours for ours, names in table.items() for name in names}
    return known | {plain(ours): ours for ours in table}
