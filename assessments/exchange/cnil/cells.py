"""Single values of a CNIL file in our form, with what could not be taken noted on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.exchange.html import is_markup, to_text
from assessments.exchange.loss import Loss
from assessments.questionnaire.values import MAX_LONG_TEXT, MAX_TEXT

KEPT = "The original is kept."
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_PREFIX = re.compile(r"\s*\((IMPORT|COPY|EXAMPLE)\)\s*", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: Mapping[Any, bool] = {True: True, False: False, "true": True, "false": False,
                              "1": True, "0": False}  # fmt: skip
"""The numbers 1 and 0 find the truth values too."""


class Cells:
    """Converts values of one document and collects losses."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []

    def lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what, f"{why} {KEPT}"))

    def text(self, raw: Any, where: str) -> str | None:
        """One line."""
        return self._cut(self._string(raw, where), where, MAX_TEXT)

    def long_text(self, raw: Any, where: str) -> str | None:
        """Paragraphs; HTML becomes plain text."""
        found = self._string(raw, where)
        if found and is_markup(found):
            found = to_text(found)
        return self._cut(found, where, MAX_LONG_TEXT)

    def _string(self, raw: Any, where: str) -> str | None:
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            self.lose(where, type(raw).__name__, "A text is expected here.")
            return None
        found = str(raw)
        if _SURROGATE.search(found):
            self.lose(where, "half of a character", "It is shown as a replacement mark.")
            found = _SURROGATE.sub("\ufffd", found)
        found = _CONTROL.sub("", found)
        return found if found.strip() else None

    def _cut(self, found: str | None, where: str, limit: int) -> str | None:
        if found is None or len(found) <= limit:
            return found or None
        self.lose(where, f"{len(found) - limit} characters", f"At most {limit} fit; cut there.")
        return found[:limit]

    def number(self, raw: Any, where: str) -> int | None:
        """A whole number, also when it is written as text ("211")."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        if isinstance(raw, float) and raw.is_integer():
            return int(raw)
        if isinstance(raw, str) and re.fullmatch(r"-?\d{1,15}(\.0+)?", raw.strip()):
            return int(float(raw))
        self.lose(where, type(raw).__name__, "A whole number is expected here.")
        return None

    def code(self, raw: Any, codes: Mapping[int, str], where: str) -> str | None:
        """The word for a number of their list."""
        found = self.number(raw, where)
        if found is None or found in codes:
            return None if found is None else codes[found]
        self.lose(where, f"the code {found}", "It has no meaning here.")
        return None

    def level(self, raw: Any, where: str) -> int | None:
        """1 to 4; 0 means that nobody said."""
        found = self.number(raw, where)
        if not found or 1 <= found <= 4:
            return found or None
        self.lose(where, f"the level {found}", "The scale goes from 1 to 4.")
        return None

    def flag(self, raw: Any, where: str) -> str | None:
        """Yes or no, written as a truth value, a number or a word."""
        if raw is None or raw == "":
            return None
        key = raw.lower() if isinstance(raw, str) else raw
        if not isinstance(key, bool | int | str) or key not in _WORDS:
            self.lose(where, type(raw).__name__, "Yes or no is expected here.")
            return None
        return "yes" if _WORDS[key] else "no"

    def day(self, raw: Any, where: str) -> str | None:
        """The day of a time in ISO 8601."""
        if raw is None or raw == "":
            return None
        match = _DAY.match(raw) if isinstance(raw, str) else None
        try:
            found = date.fromisoformat(match[0] if match else "")
        except ValueError:
            self.lose(where, "a date", "It is not written as ISO 8601.")
            return None
        if not 1900 <= found.year <= 2200:
            self.lose(where, f"the year {found.year}", "It is out of range.")
            return None
        return found.isoformat()


def strip_prefixes(name: str) -> str:
    """The name without the marks that each round trip through the other tool adds."""
    while match := _PREFIX.match(name):
        name = name[match.end() :]
    return name.strip()


def normalised(title: Any) -> str:
    """A measure's title for comparison: case, spaces and apostrophes do not count."""
    return " ".join(str(title).replace("\u2019", "'").replace("\u00a0", " ").casefold().split())
