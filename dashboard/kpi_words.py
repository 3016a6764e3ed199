"""A KPI in words for pages: its state, its target, its change, its place on the board."""

from __future__ import annotations

from typing import Final

from dashboard.charts import Trend, trend_sentence
from dashboard.components.board import Card
from dashboard.components.markup import Link, Tag, Tone
from dashboard.kpis import KpiValue
from dashboard.kpis.value import STATE_WORDS
from dashboard.text import counted, day, number, say

TONES: Final[dict[str, Tone]] = {
    "met": "good",
    "warn": "warn",
    "missed": "bad",
    "no_data": "neutral",
    "stale": "warn",
    "source_failed": "bad",
}
CHANGE_WORDS: Final = {"percent": "points", "score": "points", "days": "days", "count": ""}


def state_tag(value: KpiValue) -> Tag:
    """The state as words with a tone that only repeats them."""
    return Tag(say(STATE_WORDS[value.state]), TONES[value.state])


def amount_words(value: float | None, unit: str) -> str:
    """A number with its unit as this reader writes it; percentages are cut, never rounded up to 100."""
    if value is None:
        return say("no data")
    if unit == "percent":
        return f"{number(int(value * 10 + 1e-9) / 10, 1)}\u00a0%"
    if unit == "days":
        return (
            counted(int(value), "day", "days")
            if value == int(value)
            else f"{number(value, 3)} {say('days')}"
        )
    return number(value) if unit == "count" else number(float(f"{value:.3g}"), 3)


def target_words(value: KpiValue) -> str:
    """``Target: at most 0`` or ``Target: at least 98 %``."""
    bound = say("at most") if value.kpi.direction == "lower" else say("at least")
    return f"{bound} {amount_words(value.kpi.target, value.kpi.unit)}"


def change_words(value: KpiValue) -> str:
    """The change since the week before in words; the arrow only repeats them."""
    change = value.change
    if change is None:
        return say("No earlier week to compare with")
    if abs(change) < 1e-9:
        return say("No change since last week")
    is_counted = value.kpi.unit in {"days", "count"}
    size = amount_words(abs(change), value.kpi.unit if is_counted else "score")
    unit = "" if is_counted else say(CHANGE_WORDS[value.kpi.unit])
    amount = f"{size} {unit}".strip()
    better = (change < 0) == (value.kpi.direction == "lower")
    judged = say("better") if better else say("worse")
    if change > 0:
        return say("↑ {amount} more than last week, {judged}", amount=amount, judged=judged)
    return say("↓ {amount} less than last week, {judged}", amount=amount, judged=judged)


def trend_of(value: KpiValue) -> Trend:
    """The weeks that have a value, with the target."""
    unit = {"percent": "%", "days": "days"}.get(value.kpi.unit, "")
    points = tuple((point.as_of, point.value) for point in value.trend if point.value is not None)
    return Trend(say(value.kpi.title), unit, points, value.kpi.target)


def card_of(value: KpiValue) -> Card:
    """One card of the board."""
    past = trend_of(value)
    shown, _, unit = amount_words(value.value, value.kpi.unit).replace("\u00a0", " ").partition(" ")
    return Card(
        link=Link(say(value.kpi.title), "kpi", {"name": value.name}),
        value=shown if value.value is not None else "–",
        unit=unit if value.value is not None else say("no data"),
        tag=state_tag(value),
        delta=change_words(value),
        target=say("Target: {target}", target=target_words(value)),
        past=[number for _, number in past.points],
        past_in_words=trend_sentence(past),
    )


def as_of_words(value: KpiValue) -> str:
    return say("As of {day}", day=day(value.as_of))
