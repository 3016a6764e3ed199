"""A plot as values: where lines, bars and marks stand in per cent, and the same figures as a table.

Knows nothing of what draws it. Every plot has a sentence that says what it shows, and its rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[float, float]
"""Per cent from the left and from the top."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its interval, from ``high`` (nearer to the top) to ``low``."""

    left: float
    top: float
    high: float | None = None
    low: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A column from the ground up."""

    left: float
    width: float
    top: float


@dataclass(frozen=True, slots=True)
class Plot:
    """guides: dashed lines, each with its label; breaks: where a trend was cut, from the left."""

    title: str
    sentence: str
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[Place, ...], ...] = ()
    guides: tuple[tuple[Place, Place, str], ...] = ()
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One horizontal bar: its share of the track, in words, and where a limit lies on it."""

    name: str
    share: float | None
    text: str
    limit: float | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class LogAxis:
    """Decades from 10**low to 1; what is 0 or smaller stands at the edge."""

    low: int

    def at(self, value: float) -> float:
        """Per cent from the small end."""
        if value <= 0:
            return 0.0
        return min(100.0, max(0.0, 100.0 * (math.log10(value) - self.low) / -self.low))

    def decades(self) -> list[float]:
        """1 at the end, then 0.1, ..."""
        return [10.0**power for power in range(self.low, 1)]


def decades_for(values: Sequence[float], most: int = 5) -> LogAxis:
    """An axis that holds the smallest value above 0, with two decades at least."""
    smallest = min((value for value in values if value > 0), default=0.01)
    return LogAxis(max(-most, min(-2, math.floor(math.log10(smallest) + 1e-9))))
