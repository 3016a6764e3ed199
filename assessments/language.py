"""What the product itself says in an assessment's language: sentences, days, numbers.

Sentences are written in English in the code and looked up in ``locale/<language>.po``, which is read
as it is: a translator edits it and starts again. A sentence without a translation stays English.
"""

from __future__ import annotations

import gettext
import io
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"


@cache
def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue."""
    files = (file.name for file in _folder().iterdir())
    return (ENGLISH, *sorted(name[:-3] for name in files if name.endswith(".po")))


def known(language: str) -> str:
    """The language when the core speaks it, else English."""
    return language if language in languages() else ENGLISH


def sentence(text: str) -> str:
    """Mark a sentence that is looked up later, so that it is collected for translation."""
    return text


def pair(one: str, many: str) -> tuple[str, str]:
    """Mark a word for one and for many in the same way."""
    return one, many


def say(language: str, sentence: str, **values: object) -> str:
    """The sentence in that language, with its values filled in."""
    translated = catalogue(language).gettext(sentence) if sentence else ""
    return translated.format(**values) if values else translated


def say_count(language: str, count: int, one: str, many: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count} {catalogue(language).ngettext(one, many, count)}"


def say_day(language: str, day: date) -> str:
    """``20 November 2026`` in that language."""
    if language not in languages() or language == ENGLISH:
        return f"{day.day} {format_date(day, 'MMMM y', locale='en_GB')}"
    said = str(format_date(day, "long", locale=language))
    return said.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else said


def say_number(language: str, digits: str) -> str:
    """Digits as Python writes them, with the decimal and grouping signs of that language."""
    if language not in languages() or language == ENGLISH:
        return digits
    thousands = "." if language == "de" else "\u202f"
    return digits.replace(",", "\0").replace(".", ",").replace("\0", thousands)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The core's own sentences in a language; empty for English and for unknown languages."""
    if language == ENGLISH or language not in languages():
        return gettext.NullTranslations()
    return read_catalogue(_folder().joinpath(f"{language}.po"))


def _folder() -> Traversable:
    return resources.files("assessments").joinpath("locale")


def read_catalogue(file: Traversable) -> gettext.NullTranslations:
    """A .po file as translations, with the plural rule that it names; nothing when it is not there."""
    if not file.is_file():
        return gettext.NullTranslations()
    binary = io.BytesIO()
    write_mo(binary, read_po(io.BytesIO(file.read_bytes())))
    binary.seek(0)
    return gettext.GNUTranslations(binary)
