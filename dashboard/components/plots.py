"""Draws a plot of ``dashboard.plots``: sentence, picture, and the same figures as a table.

Lines are stretched to the width, words are ordinary text, and nothing is said by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from dashboard.components.markup import Cell, Link, Node, Tag, cell_nodes, node, show
from dashboard.components.tables import Column, table_node, wanted_page
from dashboard.plots import Mark, Place, Plot, Share
from dashboard.text import say

SCALED = "non-scaling-stroke"
SIZE = 20


def plot(shown: Plot, *, key: str) -> None:
    """Sentence, picture and table twin."""
    parts = [
        node("p", "pw-sentence", shown.sentence),
        node("p", "pw-axis", shown.y_title, aria_hidden="true"),
        node(
            "div", "pw-plot",
            node("div", "pw-plot-area", _picture(shown), *_words(shown)),
            node("div", "pw-plot-along", *_along(shown), aria_hidden="true"),
        ),
        node("p", "pw-axis pw-axis-x", shown.x_title, aria_hidden="true"),
        _twin(shown.title, shown.columns, shown.rows),
    ]  # fmt: skip
    show(node("figure", "pw-trend", *parts), key=key)


def bars(
    title: str, sentence: str, name: str, value: str, rows: Sequence[Share], *, key: str
) -> None:
    """Horizontal bars with their words; these are the table as well, read row by row."""
    items = [_bar_row(row) for row in rows]
    twin = _twin(title, (name, value), tuple((row.name, row.text) for row in rows))
    show(
        node("figure", "pw-trend", node("p", "pw-sentence", sentence),
             node("ul", "pw-bars", *items, aria_hidden="true"), twin),
        key=key,
    )  # fmt: skip


def score_list(rows: Sequence[tuple[Link | str, Sequence[Tag], Share, Sequence[Cell]]], *, key: str) -> None:  # fmt: skip
    """One line a model or dataset: link, states, bar with limit, and what belongs to it in words."""
    pages = max(1, math.ceil(len(rows) / SIZE))
    first = (wanted_page("page", pages) - 1) * SIZE
    lines = [_score(*row) for row in rows[first : first + SIZE]]
    show(node("ul", "pw-scores", *lines), key=key)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")


def _score(title: Link | str, states: Sequence[Tag], share: Share, notes: Sequence[Cell]) -> Node:
    head = node(
        "div", "pw-score-head", node("span", "pw-score-name", *cell_nodes(title)),
        node("span", "pw-tags", *(part for tag in states for part in cell_nodes(tag))),
    )  # fmt: skip
    words = [node("p", "pw-hint", *cell_nodes(note)) for note in notes if note]
    figure = node("span", "pw-bar-text", share.text)
    return node("li", "", head, node("div", "pw-score-line", _track(share), figure), *words)


def _bar_row(row: Share) -> Node:
    return node(
        "li", "", node("span", "pw-bar-name", row.name), _track(row),
        node("span", "pw-bar-text", row.text),
    )  # fmt: skip


def _track(row: Share) -> Node:
    if row.share is None:
        return node("span", "pw-track pw-track-none", aria_hidden="true")
    fill = node(
        "span", f"pw-fill{' pw-fill-over' if row.is_over else ''}", at_width=100 * row.share
    )
    limit = node("span", "pw-limit", at_left=100 * row.limit) if row.limit is not None else None
    return node("span", "pw-track", fill, limit, aria_hidden="true")


def _picture(shown: Plot) -> Node:
    grid = [_line("pw-grid", (0, tick.at), (100, tick.at)) for tick in shown.y_ticks]
    columns = [
        node("rect", "pw-column", x=f"{bar.left:.2f}", y=f"{bar.top:.2f}",
             width=f"{bar.width:.2f}", height=f"{100 - bar.top:.2f}")
        for bar in shown.bars
    ]  # fmt: skip
    lines = [
        node("polyline", "pw-line", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in line),
             vector_effect=SCALED)
        for line in shown.lines
    ]  # fmt: skip
    guides = [_line("pw-target", start, end) for start, end, _ in shown.guides]
    cuts = [_line("pw-cut", (at, 0), (at, 100)) for at in shown.breaks]
    spans = [part for mark in shown.marks for part in _interval(mark)]
    return node(
        "svg", "", node("title", "", shown.sentence), *grid, *columns, *guides, *cuts, *lines,
        *spans, viewBox="0 0 100 100", preserveAspectRatio="none", role="img",
        aria_label=shown.sentence, focusable="false",
    )  # fmt: skip


def _interval(mark: Mark) -> list[Node]:
    if mark.high is None or mark.low is None or mark.high == mark.low:
        return []
    return [_line("pw-interval", (mark.left, mark.high), (mark.left, mark.low))]


def _line(kind: str, start: Place, end: Place) -> Node:
    return node(
        "line", kind, x1=f"{start[0]:.2f}", y1=f"{start[1]:.2f}", x2=f"{end[0]:.2f}",
        y2=f"{end[1]:.2f}", vector_effect=SCALED,
    )  # fmt: skip


def _words(shown: Plot) -> list[Node]:
    ticks = [
        node("span", "pw-tick", tick.text, at_top=tick.at, aria_hidden="true")
        for tick in shown.y_ticks
    ]
    labels = [
        node("span", "pw-guide-label", text, at_top=(start[1] + end[1]) / 2,
             at_left=(start[0] + end[0]) / 2, aria_hidden="true")
        for start, end, text in shown.guides
    ]  # fmt: skip
    dots = [
        node("span", "pw-dot", at_left=mark.left, at_top=mark.top, aria_hidden="true")
        for mark in shown.marks
    ]
    return [*ticks, *labels, *dots]


def _along(shown: Plot) -> list[Node]:
    return [node("span", "", tick.text, at_left=tick.at) for tick in shown.x_ticks]


def _twin(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Node:
    named = [Column(column, is_number=i > 0) for i, column in enumerate(columns)]
    return node(
        "details", "pw-twin", node("summary", "", say("Show as a table")),
        table_node(title, named, rows),
    )  # fmt: skip
