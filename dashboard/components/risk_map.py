"""The map of risks: squares by level, an arrow for each risk, and a link at its end.

Squares and arrows are one picture with one text; the links are real, in the order of the risks, so the
keyboard walks from risk to risk. The same figures follow in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from dashboard.components.markup import Link, Node, node, show
from dashboard.risk_map import Move, RiskMap, map_sentence, move_words, places
from dashboard.text import say

HEAD = 2.4
Place = tuple[float, float]


def draw_map(shown: RiskMap, link_of: Callable[[Move], Link], *, key: str = "risk-map") -> None:
    """Sentence, map with axes, and the list of moves in words."""
    sentence = map_sentence(shown)
    parts = [node("p", "pw-sentence", sentence)]
    if shown.moves:
        parts += [_map(shown, sentence, link_of), _words(shown)]
    show(node("figure", "pw-risks", *parts), key=key)


def _map(shown: RiskMap, sentence: str, link_of: Callable[[Move], Link]) -> Node:
    at = places(shown)
    pins = [_pin(shown, move, at[move.id, "end"], link_of(move)) for move in shown.moves]
    return node(
        "div", "pw-risk-map",
        node("div", "pw-risk-up", *_axis(tuple(reversed(shown.severity))), aria_hidden="true"),
        node("div", "pw-risk-area", _picture(shown, at, sentence), *pins),
        node("div", "pw-risk-along", *_axis(shown.likelihood), aria_hidden="true"),
    )  # fmt: skip


def _axis(words: tuple[str, ...]) -> list[Node]:
    return [node("span", "", word) for word in words]


def _picture(shown: RiskMap, at: dict[tuple[str, str], Place], sentence: str) -> Node:
    arrows = [
        part
        for move in shown.moves
        if move.has_moved
        for part in _arrow(at[move.id, "start"], at[move.id, "end"])
    ]
    return node(
        "svg", "", node("title", "", sentence), *_squares(shown), *arrows,
        viewBox="0 0 100 100", preserveAspectRatio="none", role="img", aria_label=sentence,
        focusable="false",
    )  # fmt: skip


def _squares(shown: RiskMap) -> list[Node]:
    side = 100.0 / shown.size
    return [
        node(
            "rect", f"pw-band-{min(4, band)}",
            x=f"{side * column + 0.3:.2f}", y=f"{side * (shown.size - 1 - row) + 0.3:.2f}",
            width=f"{side - 0.6:.2f}", height=f"{side - 0.6:.2f}",
        )
        for row, bands in enumerate(shown.bands)
        for column, band in enumerate(bands)
    ]  # fmt: skip


def _arrow(start: Place, end: Place) -> list[Node]:
    """A line with its head halfway, where no pin hides it."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    wings = [
        (middle[0] - HEAD * math.cos(angle + turn), middle[1] - HEAD * math.sin(angle + turn))
        for turn in (-0.5, 0.5)
    ]
    points = " ".join(f"{x:.2f},{y:.2f}" for x, y in (wings[0], middle, wings[1]))
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    named = {name: f"{value:.2f}" for name, value in ends.items()}
    return [
        node("line", "pw-risk-line", vector_effect="non-scaling-stroke", **named),
        node("polyline", "pw-risk-line", points=points, vector_effect="non-scaling-stroke"),
        node(
            "line", "pw-risk-start", x1=named["x1"], x2=named["x1"], y1=named["y1"],
            y2=named["y1"], vector_effect="non-scaling-stroke",
        ),
    ]  # fmt: skip


def _pin(shown: RiskMap, move: Move, at: Place, link: Link) -> Node:
    return node(
        "a", "pw-pin", move.id, href=link.href, aria_label=move_words(shown, move),
        at_left=at[0], at_top=at[1],
    )  # fmt: skip


def _words(shown: RiskMap) -> Node:
    lines = [node("li", "", move_words(shown, move)) for move in shown.moves]
    return node(
        "details", "pw-twin", node("summary", "", say("Say it in words")), node("ul", "", *lines)
    )
