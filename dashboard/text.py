"""What pages say: translation of the product's own sentences, dates and numbers for readers.

Sentences are written in English in the code and looked up in ``dashboard/locale/<language>`` when a
catalogue is there. Streamlit's own few words stay English.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

_CATALOGUES = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue."""
    found = sorted(path.name for path in _CATALOGUES.glob("*") if path.is_dir())
    return ("en", *(name for name in found if name != "en"))


def use_language(wanted: str | None) -> str:
    """Choose the language of this run: the wanted one when there is a catalogue, else English."""
    try:
        spoken = Locale.parse((wanted or "en").replace("-", "_")).language
    except (ValueError, UnknownLocaleError):
        spoken = "en"
    chosen = spoken if spoken in languages() else "en"
    _language.set(chosen)
    return chosen


def say(sentence: str, **values: object) -> str:
    """The sentence in the reader's language, with its values filled in."""
    translated = _catalogue(_language.get()).gettext(sentence)
    return translated.format(**values) if values else translated


def counted(count: int, one: str, many: str) -> str:
    """``1 dataset``, ``2 datasets``, ``1,200 datasets``."""
    word = _catalogue(_language.get()).ngettext(one, many, count)
    return f"{number(count)} {word}"


def number(value: float, digits: int = 0) -> str:
    """A number for readers: ``1,234`` or ``97.5``."""
    pattern = "#,##0" if digits == 0 else "#,##0." + "#" * digits
    return str(format_decimal(value, format=pattern, locale=_locale()))


def day(value: date | str | None) -> str:
    """A day for readers, never broken over two lines: ``24 Nov 2026``."""
    if value is None or value == "":
        return ""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(found, "d MMM y", locale=_locale())).replace(" ", "\u00a0")


def moment(value: datetime) -> str:
    """A day and a time for readers: ``24 Nov 2026, 14:02``."""
    return str(format_datetime(value, "d MMM y, HH:mm", locale=_locale()))


def clock(value: datetime) -> str:
    """A time of the day: ``14:02``."""
    return str(format_datetime(value, "HH:mm", locale=_locale()))


def plain(value: object) -> str:
    """Any value of a database row as a reader sees it."""
    match value:
        case None:
            return ""
        case bool():
            return say("Yes") if value else say("No")
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case int():
            return number(value)
        case float():
            return number(value, 3)
        case list() | tuple():
            return ", ".join(plain(item) for item in value)
        case _:
            return str(value)


def words(identifier: str) -> str:
    """``special_category`` as a reader sees it: ``Special category``."""
    return identifier.replace("_", " ").strip().capitalize()


def period(text: str | None) -> str:
    """An ISO 8601 duration in words: ``P2Y`` is ``2 years``."""
    names = {"Y": ("year", "years"), "M": ("month", "months"), "W": ("week", "weeks"), "D": ("day", "days")}  # fmt: skip
    parts, digits = [], ""
    for sign in (text or "").removeprefix("P"):
        if sign.isdigit():
            digits += sign
        elif sign in names and digits:
            parts.append(f"{int(digits)} {names[sign][int(digits) != 1]}")
            digits = ""
        else:
            return text or ""
    return " ".join(parts)


def _locale() -> str:
    """Day before month and 24 hours also in English: the office is European."""
    return "en_GB" if _language.get() == "en" else _language.get()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("pages", _CATALOGUES, languages=[language], fallback=True)
