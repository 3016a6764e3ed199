"""What a re-identification measurement recommends: how coarse each attribute should become.

``privacy leakage reidentification --hierarchy ... --json`` tries every combination of levels and marks
the least loss at which the smallest group reaches the target (``leakage/reidentification/generalisation``).
The file comes from outside, so everything in it is checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.errors import BadInput
from assessments.language import say, say_number

MAX_BYTES = 20_000_000
MEASURE = "reidentification"
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Coarsening:
    """The levels to take, 0 for an attribute that stays as it is, and the table that they leave."""

    levels: Mapping[str, int]
    smallest_group: int
    records_at_risk: float

    def in_words(self, language: str) -> str:
        """One sentence for people."""
        moved = [
            say(language, "{attribute} to level {level}", attribute=name, level=level)
            for name, level in self.levels.items()
            if level
        ]
        return say(
            language,
            "The measurement recommends: {levels}. The smallest group then has {group} people, and {share} % of rows are at risk.",
            levels=", ".join(moved) or say(language, "no change"),
            group=self.smallest_group,
            share=say_number(language, f"{100 * self.records_at_risk:g}"),
        )


def read_coarsening(path: Path) -> Coarsening | None:
    """The recommended levels of a measurement file; None when no combination was enough."""
    if path.stat().st_size > MAX_BYTES:
        raise _problem(path, "The measurement is too large")
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _problem(path, "The measurement is not JSON") from error
    if not isinstance(content, dict) or content.get("measure") != MEASURE:
        raise _problem(path, "This is no re-identification measurement")
    tables = content.get("tables")
    tried = tables.get("what_if") if isinstance(tables, dict) else None
    if not isinstance(tried, list):
        raise _problem(path, "The measurement tried no generalisation")
    return choose_coarsening(tried, path)


def choose_coarsening(tried: Sequence[Any], path: Path) -> Coarsening | None:
    """The recommended row of a table of tried levels; path names the file in errors."""
    chosen = [row for row in tried if isinstance(row, Mapping) and row.get("recommended") is True]
    return _coarsening(path, chosen[0]) if chosen else None


def _coarsening(path: Path, row: Mapping[str, Any]) -> Coarsening:
    levels, share = row.get("levels"), row.get("records_at_risk")
    group: Any = row.get("k")
    if (
        not isinstance(levels, dict)
        or not all(len(name) <= MAX_NAME and _is_count(level) for name, level in levels.items())
        or not _is_count(group)
        or isinstance(share, bool)
        or not isinstance(share, int | float)
        or not 0 <= share <= 1
    ):
        raise _problem(path, "The recommended generalisation cannot be read")
    return Coarsening(levels, int(group), float(share))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _problem(path: Path, title: str) -> BadInput:
    return BadInput(
        title,
        "Make it with: privacy leakage reidentification TABLE --qi COLUMN --hierarchy COLUMN=FILE --json",
        where={"file": path.name},
    )
