"""One input for each type of answer, keyed by where it belongs; values come back raw.

The core checks every value again, so nothing here decides what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from assessments.questionnaire import Option, Shape, Type
from dashboard.text import say

Choices = Mapping[str, str]
_FEW = 12
_MANY = 200


def answer_field(
    shape: Shape,
    label: str,
    value: Any,
    *,
    key: str,
    choices: Choices | None = None,
    options: tuple[Option, ...] | None = None,
    on_change: Callable[[], None] | None = None,
    show_label: bool = False,
    hint: str = "",
    disabled: bool = False,
) -> Any:
    """The input; ``choices`` name the objects that a reference or person may point at."""
    common: dict[str, Any] = {
        "key": key,
        "label_visibility": "visible" if show_label else "collapsed",
        "help": hint or None,
        "disabled": disabled,
    }
    if on_change is not None:
        common["on_change"] = on_change
    offered = shape.options if options is None else options
    return _INPUTS[shape.type](shape, label, value, common, choices or {}, offered)


def _text(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    return st.text_input(label, value or "", **common)


def _long_text(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    return st.text_area(label, value or "", height=140, **common)


def _choice(
    shape: Shape, label: str, value: Any, common: Any, _: Choices, options: tuple[Option, ...]
) -> Any:
    ids = [option.id for option in options]
    titles = {option.id: option.title for option in options}
    at = ids.index(value) if value in ids else None
    if len(ids) > _FEW:
        return st.selectbox(label, ids, at, format_func=lambda i: titles[i],
                            placeholder=say("Choose"), **common)  # fmt: skip
    hints = [option.hint for option in options]
    captions = hints if any(hints) else None
    return st.radio(label, ids, at, format_func=lambda i: titles[i], captions=captions, **common)


def _several(
    shape: Shape, label: str, value: Any, common: Any, _: Choices, options: tuple[Option, ...]
) -> Any:
    titles = {option.id: option.title for option in options}
    chosen = [item for item in value or [] if item in titles]
    return st.multiselect(label, list(titles), chosen, format_func=lambda i: titles[i],
                          placeholder=say("Choose all that apply"), **common)  # fmt: skip


def _yes_no(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    ids = ["yes", "no"]
    at = ids.index(value) if value in ids else None
    return st.radio(label, ids, at, format_func=lambda i: say(i.capitalize()), **common)


def _number(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    shown = f"{label} ({shape.unit})" if shape.unit else label
    step: float | int = 1 if shape.whole else 0.1
    kept = None if value is None else (int(value) if shape.whole else float(value))
    return st.number_input(
        shown, value=kept, step=step, placeholder=_bounds(shape), **common,
    )  # fmt: skip


def _bounds(shape: Shape) -> str | None:
    """What would be right, before anything is wrong; the core checks it, and says it again."""
    low, high = shape.minimum, shape.maximum
    if low is not None and high is not None:
        return say("{low} to {high}", low=f"{low:g}", high=f"{high:g}")
    if low is not None:
        return say("At least {low}", low=f"{low:g}")
    return None if high is None else say("At most {high}", high=f"{high:g}")


def _date(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    kept = date.fromisoformat(value) if value else None
    found = st.date_input(
        label, kept, format="YYYY-MM-DD", min_value=date(1900, 1, 1), max_value=date(2200, 12, 31),
        **common,
    )  # fmt: skip
    return found.isoformat() if isinstance(found, date) else None


def _duration(shape: Shape, label: str, value: Any, common: Any, *_: Any) -> Any:
    return st.text_input(
        label, value or "", placeholder=say("For example P2Y, P18M or P90D"), **common
    )


def _one_of(shape: Shape, label: str, value: Any, common: Any, choices: Choices, *_: Any) -> Any:
    if shape.multiple:
        kept = [item for item in value or [] if item]
        ids = list(dict.fromkeys([*choices, *kept]))
        return st.multiselect(label, ids, kept, format_func=lambda i: choices.get(i, i),
                              placeholder=say("Choose all that apply"), **common)  # fmt: skip
    ids = list(dict.fromkeys([*choices, *([value] if value else [])]))
    at = ids.index(value) if value in ids else None
    return st.selectbox(label, ids, at, format_func=lambda i: choices.get(i, i),
                        placeholder=say("Choose"), **common)  # fmt: skip


def _score(
    shape: Shape, label: str, value: Any, common: Any, _: Choices, options: tuple[Option, ...]
) -> Any:
    scores = [int(option.score or 0) for option in options]
    titles = {
        int(option.score or 0): f"{int(option.score or 0)} {option.title}" for option in options
    }
    at = scores.index(value) if value in scores else None
    return st.selectbox(label, scores, at, format_func=lambda i: titles[i],
                        placeholder=say("Choose"), **common)  # fmt: skip


def _file(shape: Shape, label: str, value: Any, common: Any, choices: Choices, *_: Any) -> Any:
    kept = list(value or [])
    ids = list(dict.fromkeys([*choices, *kept]))
    return st.multiselect(label, ids, kept, format_func=lambda i: f"{choices.get(i, '')} {i[:12]}",
                          placeholder=say("Choose files that are there already"), **common)  # fmt: skip


def searched(choices: Choices, value: Any, *, key: str, what: str = "") -> Choices:
    """All choices while they are few; with many, those that a search finds, and what is chosen now."""
    if len(choices) <= _MANY:
        return choices
    words = say("Search {count} names", count=len(choices))
    wanted = st.text_input(
        f"{what}: {words}" if what else words, key=key, live=True
    ).casefold().split()  # fmt: skip
    kept = value if isinstance(value, list) else [value]
    found = [
        item
        for item, name in choices.items()
        if item in kept or all(word in f"{name} {item}".casefold() for word in wanted)
    ]
    return {item: choices[item] for item in found[:_MANY]}


_INPUTS: dict[Type, Callable[..., Any]] = {
    Type.TEXT: _text,
    Type.LONG_TEXT: _long_text,
    Type.CHOICE: _choice,
    Type.MULTIPLE_CHOICE: _several,
    Type.YES_NO_UNKNOWN: _yes_no,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.DURATION: _duration,
    Type.PERSON: _one_of,
    Type.REFERENCE: _one_of,
    Type.SCORE: _score,
    Type.FILE: _file,
}
