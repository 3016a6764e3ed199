"""A line over time with its target, the sentence that says it, and the same figures as a table.

Lines are drawn stretched to the width; words are ordinary text, so they stay readable on a phone,
in print and at any zoom, and nothing but the page itself is loaded.
"""

from __future__ import annotations

from datetime import date

from dashboard.charts import Scale, Trend, amount, nice_scale, trend_sentence
from dashboard.components.markup import Node, node, show
from dashboard.components.tables import Column, table_node
from dashboard.text import day, say


def trend(shown: Trend, *, key: str = "trend") -> None:
    """Sentence, line and table twin; a single value has a sentence only."""
    sentence = trend_sentence(shown)
    parts = [node("p", "pw-sentence", sentence)]
    if len(shown.points) > 1:
        parts += [_figure(shown, sentence), _twin(shown)]
    show(node("figure", "pw-trend", *parts), key=key)


def _figure(shown: Trend, sentence: str) -> Node:
    values = [value for _, value in shown.points]
    scale = nice_scale(values if shown.target is None else [*values, shown.target])
    return node(
        "div", "pw-plot",
        node("div", "pw-plot-area", _lines(shown, scale, sentence), *_labels(shown, scale)),
        node("div", "pw-plot-days", *_days(shown)),
    )  # fmt: skip


def _lines(shown: Trend, scale: Scale, sentence: str) -> Node:
    grid = [_level("pw-grid", scale.place(tick)) for tick in scale.ticks]
    target = [] if shown.target is None else [_level("pw-target", scale.place(shown.target))]
    points = " ".join(f"{x:.2f},{scale.place(value):.2f}" for x, value in _placed(shown))
    line = node("polyline", "pw-line", points=points, vector_effect="non-scaling-stroke")
    return node(
        "svg", "", node("title", "", sentence), *grid, *target, line,
        viewBox="0 0 100 100", preserveAspectRatio="none", role="img",
        aria_label=sentence, focusable="false",
    )  # fmt: skip


def _level(kind: str, at: float) -> Node:
    place = f"{at:.2f}"
    return node(
        "line", kind, x1="0", x2="100", y1=place, y2=place, vector_effect="non-scaling-stroke"
    )


def _labels(shown: Trend, scale: Scale) -> list[Node]:
    found = [
        node("span", "pw-tick", amount(tick), at_top=scale.place(tick), aria_hidden="true")
        for tick in scale.ticks
    ]
    if shown.target is not None:
        text = say("Target {target}", target=amount(shown.target, shown.unit))
        top = scale.place(shown.target)
        found.append(node("span", "pw-target-label", text, at_top=top, aria_hidden="true"))
    x, value = _placed(shown)[-1]
    found.append(node("span", "pw-dot", at_left=x, at_top=scale.place(value), aria_hidden="true"))
    return found


def _days(shown: Trend) -> list[Node]:
    chosen = [shown.points[0], shown.points[len(shown.points) // 2], shown.points[-1]]
    return [node("span", "", day(when), aria_hidden="true") for when, _ in chosen]


def _twin(shown: Trend) -> Node:
    rows = [[day(when), amount(value, shown.unit)] for when, value in reversed(shown.points)]
    columns = [Column(say("Day")), Column(shown.title, is_number=True)]
    inner = table_node(shown.title, columns, rows)
    return node("details", "pw-twin", node("summary", "", say("Show as a table")), inner)


def _placed(shown: Trend) -> list[tuple[float, float]]:
    """Per cent from the left by the calendar, not by the count of points."""
    first, last = shown.points[0][0], shown.points[-1][0]
    span = max((last - first).days, 1)
    return [(100.0 * _since(first, when) / span, value) for when, value in shown.points]


def _since(first: date, when: date) -> int:
    return (when - first).days
