"""The board: at most six numbers, each with words, a target, a state and its recent past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts import sparkline
from dashboard.components.markup import Link, Node, Tag, link_node, node, show, tag_node

MOST = 6


@dataclass(frozen=True, slots=True)
class Card:
    """One number: ``past`` is drawn small, and ``past_in_words`` says the same."""

    link: Link
    value: str
    unit: str
    tag: Tag
    delta: str
    target: str
    past: Sequence[float]
    past_in_words: str


def board(cards: Sequence[Card], *, key: str = "board") -> None:
    """The first six cards; a seventh would mean that nobody has decided what matters."""
    show(node("ul", "pw-board", *map(_card, cards[:MOST])), key=key)


def figure(card: Card, *, key: str = "figure") -> None:
    """The number of one card, large, for the page of that number."""
    value = node("p", "pw-value", card.value, node("span", "pw-unit", card.unit))
    change = node("p", "pw-delta", card.delta)
    show(node("div", "pw-figure", value, change, node("p", "pw-hint", card.target)), key=key)


def _card(card: Card) -> Node:
    value = node("p", "pw-value", card.value, node("span", "pw-unit", card.unit))
    head = node("div", "pw-card-head", node("h2", "", link_node(card.link)), tag_node(card.tag))
    return node(
        "li",
        f"pw-card pw-card-{card.tag.tone}",
        head,
        node("div", "pw-card-body", value, _spark(card)),
        node("p", "pw-delta", card.delta),
        node("p", "pw-hint", card.target),
    )


def _spark(card: Card) -> Node | None:
    points = sparkline(card.past)
    if not points:
        return None
    line = node("polyline", "pw-spark-line", points=points, vector_effect="non-scaling-stroke")
    return node(
        "svg", "pw-spark", node("title", "", card.past_in_words), line,
        viewBox="0 0 100 100", preserveAspectRatio="none", role="img",
        aria_label=card.past_in_words, focusable="false",
    )  # fmt: skip
