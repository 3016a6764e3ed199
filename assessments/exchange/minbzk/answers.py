"""The answers of an output file, flattened: which task, in which repetition, what, when, by whom.

Answers are keyed by task id; of a repeatable task the key holds a list of repetitions, which may hold
lists themselves. Programs leave thousands of empty repetitions behind; they are counted, not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.loss import Loss

_KEY = re.compile(r"(\d+(?:\.\d+)*)(?:\[(\d+)\])?\Z")
_IMAGE = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,")
EMPTY = "The form left them behind; rows without any value are not read."
PICTURE = "Pictures are not taken over; it stays in the kept original. Attach it as evidence."
ODD = "It is no answer as the form writes them; the original is kept."


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its task, the repetitions it stands in, its value, and who gave it when."""

    task: str
    path: tuple[tuple[str, int], ...]
    place: str
    value: Any
    at: str | None
    by: str | None

    def within(self, group: str) -> tuple[tuple[str, int], ...] | None:
        """The repetitions down to the innermost one of a group, or None outside of it."""
        return self.path if self.path and self.path[0][0] == group else None


@dataclass(slots=True)
class Answered:
    """Every answer that holds something, and what was lost while reading."""

    said: list[Said] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    empty_rows: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    images: int = 0

    def of(self, task: str) -> list[Said]:
        return [one for one in self.said if one.task == task]

    def value(self, task: str) -> Any:
        """The value of a task that is not repeated; None when it was not answered."""
        return next((one.value for one in self.of(task)), None)


def collect(answers: Any) -> Answered:
    """Flatten the "answers" of an output file."""
    found = Answered()
    if not isinstance(answers, dict):
        found.losses.append(Loss("answers", "the answers", ODD))
        return found
    for key, value in answers.items():
        _take(found, str(key), value, (), f"answers[{key}]")
    for task, count in found.empty_rows.items():
        found.losses.append(Loss(f"answers[{task}]", f"{count} empty rows", EMPTY))
    return found


def _take(
    found: Answered, key: str, value: Any, path: tuple[tuple[str, int], ...], place: str
) -> None:
    named = _KEY.match(key)
    if named is None:
        found.losses.append(Loss(place, "an unknown key", ODD))
    elif isinstance(value, list):
        _take_rows(found, named[1], value, path, place)
    elif isinstance(value, dict) and "value" in value:
        at = (*path, (named[1], int(named[2]))) if named[2] else path
        _take_answer(found, named[1], value, at, place)
    else:
        found.losses.append(Loss(place, "an answer without value", ODD))


def _take_rows(
    found: Answered, task: str, rows: list[Any], path: tuple[tuple[str, int], ...], place: str
) -> None:
    for number, row in enumerate(rows):
        inside = f"{place}[{number}]"
        if not isinstance(row, dict):
            found.losses.append(Loss(inside, "a row", ODD))
            continue
        found.rows += 1
        if _is_empty(row):
            found.empty_rows[task] = found.empty_rows.get(task, 0) + 1
            continue
        index = row.get("_index", number)
        here = (*path, (task, index if isinstance(index, int) else number))
        for key, value in row.items():
            if key != "_index":
                _take(found, str(key), value, here, f"{inside}.{key}")


def _is_empty(row: Mapping[str, Any]) -> bool:
    return not any(_holds(value) for key, value in row.items() if key != "_index")


def _holds(value: Any) -> bool:
    if isinstance(value, list):
        return any(not isinstance(row, dict) or not _is_empty(row) for row in value)
    given = value.get("value") if isinstance(value, dict) and "value" in value else value
    return given not in (None, "", [], {})


def _take_answer(
    found: Answered, task: str, answer: Mapping[str, Any], path: tuple[tuple[str, int], ...],
    place: str,
) -> None:  # fmt: skip
    value = answer["value"]
    for name in answer.keys() - {"value", "lastEditedAt", "lastEditedBy"}:
        found.losses.append(Loss(f"{place}.{name}", "a field", ODD))
    if value in (None, "", [], {}):
        return
    picture = value.get("data") if isinstance(value, dict) else value
    image = _IMAGE.match(picture) if isinstance(picture, str) else None
    if image:
        found.images += 1
        what = f"{image[1]}, about {len(str(picture)) * 3 // 4} bytes"
        found.losses.append(Loss(place, what, PICTURE))
        return
    if isinstance(value, dict) or not _is_plain(value):
        found.losses.append(Loss(place, "a value", ODD))
        return
    at, by = answer.get("lastEditedAt"), answer.get("lastEditedBy")
    found.said.append(Said(task, path, place, value, _text(at), _text(by)))


def _is_plain(value: Any) -> bool:
    parts = value if isinstance(value, list) else [value]
    return all(isinstance(part, str | bool | int | float) for part in parts)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
