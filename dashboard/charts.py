"""What a chart shows, as numbers and as one sentence; knows nothing of the page that draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.text import day, number, say

EDGE = 4.0
SMALLEST_SPAN = 1e-6
"""Below this share of the values a difference is nothing to draw."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over time with its target; ``unit`` follows every number in words."""

    title: str
    unit: str
    points: tuple[tuple[date, float], ...]
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """The vertical axis: from ``low`` to ``high`` with round ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Per cent from the top."""
        return 100.0 * (self.high - value) / (self.high - self.low)


def trend_sentence(trend: Trend) -> str:
    """The sentence that says what the chart shows; also its text for screen readers."""
    if not trend.points:
        return say("There are no values yet.")
    (start, first), (end, last) = trend.points[0], trend.points[-1]
    if len(trend.points) == 1:
        change = say("{title} is {value} on {end}.", title=trend.title, value=amount(last, trend.unit), end=day(end))  # fmt: skip
    elif math.isclose(first, last):
        change = say("{title} is {value} on {end}, the same as on {start}.", title=trend.title, value=amount(last, trend.unit), end=day(end), start=day(start))  # fmt: skip
    else:
        moved = say("rose") if last > first else say("fell")
        change = say(
            "{title} {moved} from {first} on {start} to {last} on {end}.",
            title=trend.title,
            moved=moved,
            first=amount(first, trend.unit),
            last=amount(last, trend.unit),
            start=day(start),
            end=day(end),
        )
    if trend.target is None:
        return change
    return f"{change} {say('The target is {target}.', target=amount(trend.target, trend.unit))}"


def amount(value: float, unit: str = "") -> str:
    """A value with its unit in words; per cent sits at the number."""
    shown = number(value, 0 if float(value).is_integer() else (3 if abs(value) < 1 else 1))
    if unit in {"%", "percent"}:
        return f"{shown} %"
    return f"{shown} {unit}".strip()


def sparkline(values: Sequence[float]) -> str:
    """Points of a polyline in a box of 100 by 100; a flat line sits in the middle."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    flat = math.isclose(low, high)
    step = 100.0 / (len(values) - 1)
    return " ".join(
        f"{index * step:.2f},{50.0 if flat else 100 - EDGE - (value - low) / span * (100 - 2 * EDGE):.2f}"
        for index, value in enumerate(values)
    )


def nice_scale(values: Sequence[float], wanted: int = 4) -> Scale:
    """An axis that starts at zero when values are near it, with round steps."""
    low, high = min(values), max(values)
    if low >= 0 and low <= 0.6 * high:
        low = 0.0
    if high - low < SMALLEST_SPAN * max(1.0, abs(low), abs(high)):
        low, high = (0.0, max(2 * high, 1.0)) if low >= 0 else (low - 1.0, high + 1.0)
    step = _nice_step((high - low) / wanted)
    start = math.floor(low / step + 1e-9)
    end = math.ceil(high / step - 1e-9)
    ticks = tuple(round(index * step, 12) for index in range(start, end + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _nice_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in STEPS if step * power >= raw - 1e-12)
