"""The .po files: renewed from the code with what they have, and what is wrong with them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from dashboard.locale.collect import ROOT, Key, Message, collect, first_of
from dashboard.text import ERROR

LANGUAGES = ("de", "fr")
_PLACE = re.compile(r"\{\w*\}")
_MARKUP = re.compile(r"</?[a-z]|&[a-z]+;", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One message that cannot be said right in a language."""

    language: str
    what: str
    message: str


def file_of(package: str, language: str) -> Path:
    """Where a package keeps its sentences in a language."""
    return ROOT / package / "locale" / f"{language}.po"


def renew() -> dict[str, tuple[int, int]]:
    """Write every catalogue anew from the code; the number of messages and of missing translations.

    What nobody says any more stays as a comment, so that a sentence that comes back has its words.
    """
    core, pages = collect()
    counts = {}
    for language in LANGUAGES:
        for package, wanted in (("assessments", core), ("dashboard", pages)):
            catalogue, missing = _renewed(file_of(package, language), language, wanted)
            written = io.BytesIO()
            write_po(written, catalogue, width=100, include_lineno=False, omit_header=True)
            file_of(package, language).write_bytes(_head(catalogue, language) + written.getvalue())
            counts[f"{package} {language}"] = (len(wanted), missing)
    return counts


def _head(catalogue: Catalog, language: str) -> bytes:
    """What a reader of the file needs, and nothing that changes from day to day."""
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    lines = (
        f"Language: {language}",
        "Content-Type: text/plain; charset=utf-8",
        f"Plural-Forms: {plural}",
    )
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n").encode()


def problems() -> list[Problem]:
    """What keeps the catalogues from being complete; an empty list means ready."""
    core, pages = collect()
    return [
        problem
        for language in LANGUAGES
        for package, wanted in (("assessments", core), ("dashboard", pages))
        for problem in _problems(language, _read(file_of(package, language), language), wanted)
    ]


def _problems(language: str, catalogue: Catalog, wanted: dict[Key, Message]) -> list[Problem]:
    found = []
    for key in wanted:
        first = first_of(key)
        message = catalogue.get(first)
        strings = [] if message is None else _strings(message.string)
        if message is None or not strings or not all(strings):
            found.append(Problem(language, "missing", first))
        elif message.fuzzy:
            found.append(Problem(language, "fuzzy", first))
        elif any(_places(string) != _places(first) for string in strings):
            found.append(Problem(language, "placeholders differ", first))
        elif any(_MARKUP.search(string) for string in strings):
            found.append(Problem(language, "markup", first))
    known = {first_of(key) for key in wanted}
    extra = (_first(message.id) for message in catalogue if message.id)
    return found + [Problem(language, "obsolete", name) for name in extra if name not in known]


def _renewed(file: Path, language: str, wanted: dict[Key, Message]) -> tuple[Catalog, int]:
    old = _read(file, language)
    made = Catalog(locale=language, project="Privacy Workbench", charset="utf-8", fuzzy=False)
    missing = 0
    for key in sorted(wanted, key=lambda key: (min(wanted[key].places), str(key))):
        before = old.get(first_of(key)) or old.obsolete.get(first_of(key))
        if before is not None and isinstance(before.string, str) != isinstance(key, str):
            before = None
        strings = [] if before is None else _strings(before.string)
        missing += not strings or not all(strings)
        made.add(
            key,
            before.string if before is not None else None,
            locations=[(place, 0) for place in sorted(wanted[key].places)[:1]],
            auto_comments=[ERROR] if wanted[key].is_error else [],
        )
    known = {first_of(key) for key in wanted}
    kept = [*(message for message in old if message.id), *old.obsolete.values()]
    made.obsolete.update(
        (_first(message.id), message)
        for message in kept
        if _first(message.id) not in known and all(_strings(message.string) or [""])
    )
    return made, missing


def _read(file: Path, language: str) -> Catalog:
    if not file.is_file():
        return Catalog(locale=language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def _strings(string: object) -> list[str]:
    if isinstance(string, str):
        return [string] if string else []
    return [str(part) for part in string] if isinstance(string, list | tuple) else []


def _first(key: object) -> str:
    return key if isinstance(key, str) else str(key[0]) if isinstance(key, list | tuple) else ""


def _places(text: str) -> list[str]:
    return sorted(_PLACE.findall(text))
