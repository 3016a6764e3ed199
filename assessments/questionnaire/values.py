"""One rule for each type of answer: raw input in, normal JSON form out, or BadInput."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from assessments.errors import BadInput
from assessments.questionnaire.durations import check_duration
from assessments.questionnaire.template import Option, Shape, Type

MAX_TEXT = 2_000
MAX_LONG_TEXT = 100_000
MAX_CHOSEN = 500
EXACT_INTEGERS = 2**53
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def check_value(shape: Shape, raw: Any) -> Any:
    """The normal form of a value; None when there is nothing in it."""
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ([], ()):
        return None
    return _RULES[shape.type](shape, raw)


def _text(shape: Shape, raw: Any) -> str:
    return _clean(" ".join(_string(raw).split()), MAX_TEXT)


def _long_text(shape: Shape, raw: Any) -> str:
    lines = _string(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _clean("\n".join(line.rstrip() for line in lines).strip("\n"), MAX_LONG_TEXT)


def _clean(text: str, limit: int) -> str:
    normal = unicodedata.normalize("NFC", text)
    kept = "".join(c for c in normal if c == "\n" or c == "\t" or ord(c) >= 32)
    if any(0xD800 <= ord(c) <= 0xDFFF for c in kept):
        raise BadInput("The text holds half of a character", "Paste it again as plain text.")
    if len(kept) > limit:
        raise BadInput("The text is too long", f"At most {limit} characters; this has {len(kept)}.")
    return kept


def _string(raw: Any) -> str:
    if not isinstance(raw, str):
        raise BadInput("A text is expected")
    return raw


def _choice(shape: Shape, raw: Any) -> str:
    option = shape.find_option(raw) or _by_title(shape.options, raw)
    if option is None:
        raise BadInput("This is not one of the choices", f"Choose from: {_titles(shape.options)}.")
    return option.id


def _by_title(options: tuple[Option, ...], raw: Any) -> Option | None:
    if not isinstance(raw, str):
        return None
    wanted = raw.strip().casefold()
    return next((o for o in options if wanted in (o.title.casefold(), o.id.casefold())), None)


def _titles(options: tuple[Option, ...]) -> str:
    shown = ", ".join(option.title for option in options[:8])
    return shown + (f" and {len(options) - 8} more" if len(options) > 8 else "")


def _multiple_choice(shape: Shape, raw: Any) -> list[str]:
    chosen = {_choice(shape, item) for item in _several(raw)}
    return [option.id for option in shape.options if option.id in chosen]


def _several(raw: Any) -> list[Any]:
    found = list(raw) if isinstance(raw, list | tuple | set | frozenset) else [raw]
    if len(found) > MAX_CHOSEN:
        raise BadInput("Too many values", f"At most {MAX_CHOSEN}.")
    return found


def _yes_no(shape: Shape, raw: Any) -> str:
    word = {True: "yes", False: "no"}.get(raw) if isinstance(raw, bool) else raw
    if isinstance(word, str) and word.strip().casefold() in {"yes", "no"}:
        return word.strip().casefold()
    raise BadInput("Answer yes or no", "Or say that you do not know yet.")


def _number(shape: Shape, raw: Any) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadInput("A number is expected")
    try:
        value = float(raw.replace(" ", "").replace("\u202f", "")) if isinstance(raw, str) else raw
    except ValueError as error:
        raise BadInput("A number is expected", "Write it like 1200 or 0.5.") from error
    if not math.isfinite(value) or abs(value) > EXACT_INTEGERS:
        raise BadInput("The number is out of range")
    if shape.whole and value != int(value):
        raise BadInput("A whole number is expected")
    _check_bounds(shape, value)
    return int(value) if value == int(value) else value


def _check_bounds(shape: Shape, value: float) -> None:
    unit = f" {shape.unit}" if shape.unit else ""
    if shape.minimum is not None and value < shape.minimum:
        raise BadInput("The number is too small", f"At least {shape.minimum:g}{unit}.")
    if shape.maximum is not None and value > shape.maximum:
        raise BadInput("The number is too large", f"At most {shape.maximum:g}{unit}.")


def _date(shape: Shape, raw: Any) -> str:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day).isoformat()
    text = _string(raw).strip()
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("This is not a day of the calendar", "Write it like 2026-11-24.") from error
    if not 1900 <= found.year <= 2200:
        raise BadInput("The year is out of range", "Between 1900 and 2200.")
    return found.isoformat()


def _duration(shape: Shape, raw: Any) -> str:
    return check_duration(_string(raw))


def _person(shape: Shape, raw: Any) -> str:
    return _clean(_string(raw).strip(), 80)


def _reference(shape: Shape, raw: Any) -> str | list[str]:
    """Ids of inventory objects, which pages offer, or of rows of another table, which lints look up."""
    ids = list(dict.fromkeys(_clean(_string(item).strip(), 300) for item in _several(raw)))
    if shape.multiple:
        return ids
    if len(ids) > 1:
        raise BadInput("Only one can be named here")
    return ids[0]


def _file(shape: Shape, raw: Any) -> list[str]:
    """Evidence by SHA-256; names and bytes are in the evidence store."""
    return list(dict.fromkeys(_digest(item) for item in _several(raw)))


def _digest(raw: Any) -> str:
    digest = str(raw.get("sha256", "")) if isinstance(raw, dict) else str(raw)
    if not _SHA256.match(digest):
        raise BadInput("Evidence is named by its SHA-256", "64 hexadecimal digits.")
    return digest


def _score(shape: Shape, raw: Any) -> int:
    """A level by its number, its id or its title."""
    text = str(raw).strip()
    by_number = (o for o in shape.options if o.score == raw and not isinstance(raw, bool))
    option = next(by_number, None) or shape.find_option(text) or _by_title(shape.options, text)
    if option is None or option.score is None:
        raise BadInput("This is not a level of the scale", f"Levels: {_titles(shape.options)}.")
    return int(option.score)


_RULES: dict[Type, Callable[[Shape, Any], Any]] = {
    Type.TEXT: _text,
    Type.LONG_TEXT: _long_text,
    Type.CHOICE: _choice,
    Type.MULTIPLE_CHOICE: _multiple_choice,
    Type.YES_NO_UNKNOWN: _yes_no,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.DURATION: _duration,
    Type.PERSON: _person,
    Type.REFERENCE: _reference,
    Type.FILE: _file,
    Type.SCORE: _score,
}
