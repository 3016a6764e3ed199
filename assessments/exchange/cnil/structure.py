"""Which question a number stands for, when an organisation's template changed the questions.

The other tool numbers a new question section, item, count plus one, so that the tenth question of
item 2.2 is 2210, and gives numbers of deleted questions again. A number therefore means what the
embedded ``structure_data`` says; only without it the standard list counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessments.exchange.cnil.fields import QUESTIONS

STANDARD = "sections."
"""Standard questions are named by a key of the tool's own translations."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a template: item ("2.2"), wording (empty for a standard one), its own answer."""

    item: str
    title: str
    answer: Any = None


def resolve(structure: Any) -> Mapping[str, Asked]:
    """Every question of the embedded template by its number; empty without one."""
    return dict(_questions(structure))


def standard_number(number: int | None, asked: Mapping[str, Asked]) -> int | None:
    """The number when it stands for a standard question of the method."""
    if number not in QUESTIONS:
        return None
    if str(number) in asked and asked[str(number)].title:
        return None
    return number


def _questions(structure: Any) -> Iterator[tuple[str, Asked]]:
    for section in _dicts(structure, "sections"):
        for item in _dicts(section, "items"):
            place = f"{section.get('id', '?')}.{item.get('id', '?')}"
            for question in _dicts(item, "questions"):
                title = str(question.get("title") or "")
                is_standard = title.startswith(STANDARD)
                shown = "" if is_standard else (title or "?")
                yield (
                    str(question.get("id", "")).strip(),
                    Asked(place, shown, question.get("answer")),
                )


def suggested_measures(structure: Any) -> list[dict[str, Any]]:
    """The measures that a template proposes: title and content."""
    return [
        measure
        for section in _dicts(structure, "sections")
        for item in _dicts(section, "items")
        if item.get("is_measure")
        for measure in _dicts(item, "answers")
    ]


def _dicts(holder: Any, key: str) -> list[dict[str, Any]]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
