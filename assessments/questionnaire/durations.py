"""ISO 8601 durations, kept as written and compared by days."""

from __future__ import annotations

import re

from assessments.errors import BadInput
from assessments.language import ENGLISH, pair, say, say_count

_PATTERN = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?\Z"
)
_DAYS = (365.25, 30.4375, 7.0, 1.0, 1 / 24, 1 / 1440, 1 / 86400)
_WORDS = (
    pair("year", "years"),
    pair("month", "months"),
    pair("week", "weeks"),
    pair("day", "days"),
    pair("hour", "hours"),
    pair("minute", "minutes"),
    pair("second", "seconds"),
)


def check_duration(text: str) -> str:
    """The duration in capitals, or BadInput."""
    found = text.strip().upper()
    if not _PATTERN.match(found):
        raise BadInput(
            "This is not a period of time", "Write it like P2Y (two years), P18M or P90D."
        )
    return found


def days_in(duration: str) -> float:
    """The length in days, years and months at their mean length; for comparing, never for dates."""
    return sum(n * days for n, days in zip(_parts(duration), _DAYS, strict=True))


def in_words(duration: str, language: str = ENGLISH) -> str:
    """``P1Y6M`` as ``1 year 6 months``."""
    named = zip(_parts(duration), _WORDS, strict=True)
    parts = [say_count(language, n, one, many) for n, (one, many) in named if n]
    return " ".join(parts) or say(language, "none")


def _parts(duration: str) -> list[int]:
    found = _PATTERN.match(duration)
    if found is None:
        raise BadInput("This is not a period of time", f"'{duration}'")
    return [int(part or 0) for part in found.groups()]
