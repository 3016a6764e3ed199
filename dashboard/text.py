"""What pages say: translation of the product's own sentences, dates and numbers for readers.

Sentences are written in English in the code and looked up in ``dashboard/locale/<language>.po``, then
among the core's own (``assessments/locale``). Streamlit's own few words stay English.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from assessments import language as core

_CATALOGUES = Path(__file__).parent / "locale"
ERROR = "error"
"""The comment in a catalogue on a sentence that an error carries, filled in already."""
_FILLED = re.compile(r"\{(\w+)\}")
_language: ContextVar[str | None] = ContextVar("language", default=None)
_wanted: list[Callable[[], str | None]] = []


def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue."""
    return ("en", *sorted(path.stem for path in _CATALOGUES.glob("*.po")))


def language_name(language: str) -> str:
    """A language as its own speakers call it: ``Deutsch``."""
    return str(Locale.parse(language).get_display_name(language)).capitalize()


def use_language(wanted: str | None) -> str:
    """Choose the language of this run: the wanted one when there is a catalogue, else English."""
    try:
        spoken = Locale.parse((wanted or "en").replace("-", "_")).language
    except (ValueError, UnknownLocaleError):
        spoken = "en"
    chosen = spoken if spoken in languages() else "en"
    _language.set(chosen)
    return chosen


def language() -> str:
    """The language of this run; a callback before the run asks the app which one is wanted."""
    chosen = _language.get()
    return chosen if chosen is not None else use_language(_wanted[-1]() if _wanted else None)


def ask_for_language(wanted: Callable[[], str | None]) -> None:
    """Name the function that says what this session wants, for callbacks that come before a run."""
    _wanted[:] = [wanted]


def say(sentence: str, **values: object) -> str:
    """The sentence in the reader's language, with its values filled in."""
    translated = _catalogue(language()).gettext(sentence) if sentence else ""
    return translated.format(**values) if values else translated


def say_error(text: str) -> tuple[str, str]:
    """A text of the core in the reader's language, and the language that it is in after all.

    The core fills in its English sentences itself, so they are recognised by their fixed words.
    """
    spoken = language()
    found = say(text) if text else ""
    if spoken == "en" or found != text or not text:
        return found, spoken
    for pattern, frame in _frames(spoken):
        if filled := pattern.fullmatch(text):
            values = {name: _said(value) for name, value in filled.groupdict().items()}
            return frame.format(**values), spoken
    return text, "en"


def _said(value: str) -> str:
    """Codes inside an error's text (roles, states) in words, everything else as it is."""
    parts = value.split(", ")
    return ", ".join(say(part) if say(part) != part else _as_code(part) for part in parts)


def _as_code(part: str) -> str:
    found = words(part) if part.replace("_", " ").isalpha() or " " in part else part
    return found if found != part.replace("_", " ").strip().capitalize() else part


def counted(count: int, one: str, many: str) -> str:
    """``1 dataset``, ``2 datasets``, ``1,200 datasets``."""
    word = _catalogue(language()).ngettext(one, many, count)
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
    return str(format_date(found, "medium", locale=_locale())).replace(" ", "\u00a0")


def moment(value: datetime) -> str:
    """A day and a time for readers: ``24 Nov 2026, 14:02``."""
    return f"{format_date(value, 'medium', locale=_locale())}, {clock(value)}"


def clock(value: datetime) -> str:
    """A time of the day: ``14:02``."""
    return str(format_time(value, "HH:mm", locale=_locale()))


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
    return say(identifier.replace("_", " ").strip().capitalize())


def period(text: str | None) -> str:
    """An ISO 8601 duration in words: ``P2Y`` is ``2 years``."""
    names = {"Y": ("year", "years"), "M": ("month", "months"), "W": ("week", "weeks"), "D": ("day", "days")}  # fmt: skip
    parts, digits = [], ""
    for sign in (text or "").removeprefix("P"):
        if sign.isdigit():
            digits += sign
        elif sign in names and digits:
            parts.append(counted(int(digits), *names[sign]))
            digits = ""
        else:
            return text or ""
    return " ".join(parts)


def _locale() -> str:
    """Day before month and 24 hours also in English: the office is European."""
    return "en_GB" if language() == "en" else language()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    found = core.read_catalogue(_CATALOGUES / f"{language}.po")
    found.add_fallback(core.catalogue(language))
    return found


@cache
def _frames(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Errors with values, longest first: how each reads once filled, and its translation."""
    folders = (Path(core.__file__).parent / "locale", _CATALOGUES)
    found = [message for folder in folders for message in _errors(folder / f"{language}.po")]
    longest = sorted(found, key=lambda message: -len(str(message.id)))
    return [(_recognise(str(m.id)), str(m.string)) for m in longest]


def _errors(file: Path) -> list[Message]:
    if not file.is_file():
        return []
    with file.open("rb") as stream:
        messages = list(read_po(stream))
    return [m for m in messages if ERROR in m.auto_comments and m.string and "{" in str(m.id)]


def _recognise(frame: str) -> re.Pattern[str]:
    parts = _FILLED.split(frame)
    shown = "".join(
        f"(?P<{part}>.+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    return re.compile(shown, re.DOTALL)
