"""Plots of measured leakage: log-log ROC, class sizes, attributes, and a score over time with its breaks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from assessments.leakage.measurement import Estimate, Measurement
from assessments.leakage.register.reading import Registered, runs
from dashboard.charts import nice_scale
from dashboard.plots import Bar, LogAxis, Mark, Plot, Share, Tick, decades_for
from dashboard.text import day, number, say

FPRS = ("0.1", "0.01", "0.001")
SIZES = ((1, 1), (2, 2), (3, 4), (5, 10), (11, 19), (20, None))
"""Edges of the cell-size rules in use for releases: 3, 5, 11 and 20."""
MOST_ROWS = 60


def percent(share: float | None) -> str:
    """``0.1 %``, ``12 %``; nothing for what was not measured."""
    if share is None:
        return "–"
    digits = 0 if share in (0, 1) else 1 if share >= 0.01 else 3
    return f"{number(100 * share, digits)}\u00a0%"


def interval(found: Estimate) -> str:
    """``12 % (9 % to 15 %)``."""
    if found.value is None:
        return say("not measured")
    if found.low is None or found.high is None or found.low == found.high:
        return percent(found.value)
    return say("{value} ({low} to {high})", value=percent(found.value), low=percent(found.low), high=percent(found.high))  # fmt: skip


def roc_plot(found: Measurement) -> Plot | None:
    """Members found at each rate of false alarms; both axes logarithmic, since few alarms are what counts."""
    points = [(row["fpr"], row["tpr"]) for row in found.tables.get("roc", ())]
    if len(points) < 2:
        return None
    asked = [(float(fpr), found.results.get(f"tpr_at_fpr_{fpr}")) for fpr in FPRS]
    at = [(fpr, each) for fpr, each in asked if each is not None and each.value is not None]
    axis = decades_for([value for point in points for value in point] + [fpr for fpr, _ in at])
    ticks = [(axis.at(value), percent(value)) for value in axis.decades()]
    shown = [points[i] for i in _spread(len(points))]
    return Plot(
        title=say("How many members are found at which rate of false alarms"),
        sentence=_roc_sentence(at),
        x_title=say("False alarms: non-members called members"),
        y_title=say("Members found"),
        x_ticks=tuple(Tick(place, text) for place, text in ticks),
        y_ticks=tuple(Tick(100 - place, text) for place, text in ticks),
        columns=(say("False alarms"), say("Members found")),
        rows=(*((percent(fpr), interval(each)) for fpr, each in at),
              *((percent(fpr), percent(tpr)) for fpr, tpr in shown)),
        lines=(tuple((axis.at(fpr), 100 - axis.at(tpr)) for fpr, tpr in points),),
        guides=(((0.0, 100.0), (100.0, 0.0), say("Guessing")),),
        marks=tuple(_mark(axis, fpr, each) for fpr, each in at),
    )  # fmt: skip


def _roc_sentence(at: Sequence[tuple[float, Estimate]]) -> str:
    if not at:
        return say("The sample cannot carry an interval at a low rate of false alarms.")
    parts = [
        say("at {fpr} false alarms {tpr}", fpr=percent(fpr), tpr=interval(each)) for fpr, each in at
    ]
    return say("Members found: {parts}. Guessing finds as many as it raises false alarms.", parts="; ".join(parts))  # fmt: skip


def _mark(axis: LogAxis, fpr: float, found: Estimate) -> Mark:
    return Mark(
        axis.at(fpr),
        100 - axis.at(found.value or 0.0),
        None if found.high is None else 100 - axis.at(found.high),
        None if found.low is None else 100 - axis.at(found.low),
    )


def _spread(count: int, most: int = 20) -> list[int]:
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)}) if count else []


def class_sizes_plot(found: Measurement) -> Plot | None:
    """Which share of the people has how many others like them, in the bands of release rules."""
    sizes = [(row["size"], row["classes"]) for row in found.tables.get("class_sizes", ())]
    people = sum(size * classes for size, classes in sizes)
    if not people:
        return None
    bands = [
        (_band(low, high), sum(s * c for s, c in sizes if s >= low and (high is None or s <= high)))
        for low, high in SIZES
    ]
    shares = [(name, count, count / people) for name, count in bands]
    scale = nice_scale([0.0, *(100 * share for _, _, share in shares)])
    width = 100 / len(shares)
    alone = shares[0]
    return Plot(
        title=say("How many people are alike"),
        sentence=say(
            "{share} of the records stand alone, {few} in groups of fewer than 11.",
            share=percent(alone[2]),
            few=percent(sum(share for _, _, share in shares[:4])),
        ),
        x_title=say("Size of the group of equal quasi-identifiers"),
        y_title=say("Share of the records"),
        x_ticks=tuple(Tick(width * (i + 0.5), name) for i, (name, _, _) in enumerate(shares)),
        y_ticks=tuple(Tick(scale.place(tick), f"{number(tick, 1)}\u00a0%") for tick in scale.ticks),
        columns=(say("Size of the group"), say("Records"), say("Share")),
        rows=tuple((name, number(count), percent(share)) for name, count, share in shares),
        bars=tuple(
            Bar(width * (i + 0.14), width * 0.72, scale.place(100 * share))
            for i, (_, _, share) in enumerate(shares)
        ),
    )


def _band(low: int, high: int | None) -> str:
    if high is None:
        return say("{size} or more", size=low)
    return str(low) if low == high else f"{low}–{high}"


def attribute_bars(found: Measurement) -> list[Share]:
    """Of the people who stand alone, the share that would no longer do so without an attribute."""
    unique = found.results.get("uniques")
    rows = found.tables.get("attributes", ())
    total = int(unique.value or 0) if unique else 0
    if not total:
        return []
    shares = [
        (str(row["column"]), max(0.0, 1 - row.get("uniques_without", total) / total))
        for row in rows
    ]
    return [
        Share(name, share, percent(share))
        for name, share in sorted(shares, key=lambda each: -each[1])[:MOST_ROWS]
    ]


def group_bars(found: Measurement) -> list[Share]:
    """What was shown for each subgroup, the worst first."""
    rows: list[Mapping[str, Any]] = [
        row for row in found.tables.get("subgroups", ()) if isinstance(row.get("severity"), float)
    ]
    ordered = sorted(rows, key=lambda row: -row["severity"])[:MOST_ROWS]
    return [
        Share(str(row.get("group", ""))[:200], min(1.0, row["severity"]), number(100 * row["severity"], 1))
        for row in ordered
    ]  # fmt: skip


def history_plot(history: Sequence[Registered], limit: float) -> Plot | None:
    """The score over time with its interval; cut where method or settings changed."""
    shown = [each for each in history if each.score is not None]
    if len(shown) < 2:
        return None
    first, last = shown[0].measured_on, shown[-1].measured_on
    span = max((last - first).days, 1)
    tops = [100 * (each.severity_high or 0) for each in shown]
    scale = nice_scale([0.0, limit, *(each.score or 0 for each in shown), *tops])
    at = {each.id: 4 + 92 * (each.measured_on - first).days / span for each in shown}
    parts = runs(shown)
    cuts = [(at[before[-1].id] + at[after[0].id]) / 2 for before, after in pairwise(parts)]
    return Plot(
        title=say("Score over time"),
        sentence=_history_sentence(shown, len(cuts)),
        x_title=say("Day of measurement"),
        y_title=say("Leakage score"),
        x_ticks=_days(shown, at),
        y_ticks=tuple(Tick(scale.place(tick), number(tick, 1)) for tick in scale.ticks),
        columns=(say("Day"), say("Score"), say("Upper end"), say("Method")),
        rows=tuple(
            (day(each.measured_on), number(each.score or 0, 1), _upper(each), f"{each.method} {each.method_version}")
            for each in reversed(shown)
        ),
        lines=tuple(
            tuple((at[each.id], scale.place(each.score or 0)) for each in part) for part in parts
        ),
        guides=(((0.0, scale.place(limit)), (100.0, scale.place(limit)), say("Limit {limit}", limit=number(limit))),),
        marks=tuple(
            Mark(at[each.id], scale.place(each.score or 0), scale.place(100 * each.severity_high),
                 scale.place(each.score or 0))
            if each.severity_high is not None
            else Mark(at[each.id], scale.place(each.score or 0))
            for each in shown
        ),
        breaks=tuple(cuts),
    )  # fmt: skip


def _days(shown: Sequence[Registered], at: Mapping[str, float]) -> tuple[Tick, ...]:
    return tuple(Tick(at[each.id], day(each.measured_on)) for each in (shown[0], shown[-1]))


def _upper(found: Registered) -> str:
    return "–" if found.severity_high is None else number(100 * found.severity_high, 1)


def _history_sentence(shown: Sequence[Registered], cuts: int) -> str:
    before, now = shown[-2], shown[-1]
    values = {"value": number(now.score or 0, 1), "last": number(before.score or 0, 1),
              "when": day(before.measured_on)}  # fmt: skip
    if before.trend_key != now.trend_key:
        return say("The score is {value} now; {last} on {when} was measured in another way, so the line is broken and the two are no trend.", **values)  # fmt: skip
    if math.isclose(before.score or 0, now.score or 0, abs_tol=0.05):
        said = say("The score is {value}, the same as on {when}.", **values)
    elif (now.score or 0) > (before.score or 0):
        said = say("The score rose from {last} on {when} to {value}.", **values)
    else:
        said = say("The score fell from {last} on {when} to {value}.", **values)
    return (
        f"{said} {say('Earlier the method changed, so the line is broken there.')}"
        if cuts
        else said
    )
