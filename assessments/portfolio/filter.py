"""Filtering and sorting the portfolio; a filter is what its address says, and can be saved as that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assessments.portfolio.line import Line

FLAGS = ("stale", "overdue", "unacceptable")

_Key = Callable[[Line], Any]
SORTS: Mapping[str, tuple[_Key, bool]] = {
    "age_in_state": (lambda line: line.state_since or date.max, False),
    "age": (lambda line: line.begun_on or date.max, False),
    "clock": (lambda line: line.clock.due_on if line.clock else date.max, False),
    "risk": (lambda line: line.risk.rank if line.risk else (False, 0), True),
    "open": (lambda line: line.open_conditions + line.open_actions, True),
    "title": (lambda line: (line.title.casefold(), line.project_id), False),
}
"""By what it can be sorted, and whether the largest comes first; the first one is the default."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty means any. turn: the role whose turn it is. flag: one of ``FLAGS``. text: in the title."""

    template: str = ""
    state: str = ""
    project: str = ""
    owner: str = ""
    turn: str = ""
    flag: str = ""
    text: str = ""
    sort: str = "age_in_state"

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Filter:
        """From an address or a saved filter: unknown names are ignored, long values cut."""
        known = {name: str(values[name])[:200] for name in cls.__slots__ if values.get(name)}
        known = {n: v for n, v in known.items() if n != "sort" or v in SORTS}
        return cls(**{n: v for n, v in known.items() if n != "flag" or v in FLAGS})

    def as_values(self) -> dict[str, str]:
        """What differs from the default, as an address carries it."""
        return {name: value for name, value in asdict(self).items() if value != _DEFAULT[name]}


_DEFAULT = asdict(Filter())


def apply_filter(lines: Sequence[Line], wanted: Filter) -> list[Line]:
    """The lines that match, in the order that is asked for."""
    key, is_reversed = SORTS[wanted.sort]
    return sorted((x for x in lines if _matches(x, wanted)), key=key, reverse=is_reversed)


def _matches(line: Line, wanted: Filter) -> bool:
    exact = (
        (wanted.template, line.template_id),
        (wanted.state, line.state),
        (wanted.project, line.project_id),
        (wanted.owner, line.owner_id),
        (wanted.turn, line.waits_for),
    )
    return (
        all(asked in {"", said} for asked, said in exact)
        and wanted.text.casefold() in line.title.casefold()
        and _has(line, wanted.flag)
    )


def _has(line: Line, flag: str) -> bool:
    return {
        "": True,
        "stale": line.stale > 0,
        "overdue": line.has_overdue,
        "unacceptable": line.risk is not None and line.risk.unacceptable > 0,
    }[flag]
