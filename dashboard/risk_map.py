"""The map of risks as values: severity up, likelihood to the right, each risk from where to where.

Knows nothing of what draws it; the sentence says what the drawing shows (CNIL PIA, risk mapping).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.risk.register import Point, Register, Risk
from dashboard.text import counted, say

NOW, AFTER = "now", "after"


@dataclass(frozen=True, slots=True)
class Move:
    """One risk: where it starts and where it ends."""

    id: str
    title: str
    start: Point
    end: Point

    @property
    def has_moved(self) -> bool:
        return self.start != self.end


@dataclass(frozen=True, slots=True)
class RiskMap:
    """Words of both scales, lowest first; bands has a row for each severity, from 1 for the lowest level."""

    severity: tuple[str, ...]
    likelihood: tuple[str, ...]
    bands: tuple[tuple[int, ...], ...]
    moves: tuple[Move, ...]

    @property
    def size(self) -> int:
        return len(self.severity)


def risk_map(register: Register, risks: Sequence[Risk], to: str = AFTER) -> RiskMap:
    """The map of these risks, with arrows to what is left now or after all measures."""
    scale = register.scale
    return RiskMap(
        severity=tuple(option.title for option in scale.severity),
        likelihood=tuple(option.title for option in scale.likelihood),
        bands=tuple(tuple(level.band for level in row) for row in scale.matrix),
        moves=tuple(
            Move(risk.id, risk.title, risk.inherent, risk.current if to == NOW else risk.residual)
            for risk in risks
        ),
    )


def map_sentence(shown: RiskMap) -> str:
    """How many risks move; also the text of the drawing for screen readers."""
    if not shown.moves:
        return say("There are no rated risks.")
    moved = sum(move.has_moved for move in shown.moves)
    return say(
        "{risks}, of which {moved} lower at the end of the arrow. Severity rises upwards, likelihood to the right.",
        risks=counted(len(shown.moves), "risk", "risks"),
        moved=moved,
    )


def point_words(shown: RiskMap, point: Point) -> str:
    """``important / limited``."""
    severity = shown.severity[point.severity - 1]
    return f"{severity} / {shown.likelihood[point.likelihood - 1]}".lower()


def move_words(shown: RiskMap, move: Move) -> str:
    """One risk in a sentence."""
    start, end = point_words(shown, move.start), point_words(shown, move.end)
    if not move.has_moved:
        return say("{id} {title}: stays at {start}", id=move.id, title=move.title, start=start)
    return say(
        "{id} {title}: from {start} to {end}", id=move.id, title=move.title, start=start, end=end
    )


def places(shown: RiskMap) -> dict[tuple[str, str], tuple[float, float]]:
    """Where each risk's start and end are drawn, per cent from the left and from the top.

    Those that share a square stand beside each other in it, in rows of as many as columns.
    """
    squares: dict[Point, list[tuple[str, str]]] = {}
    for move in shown.moves:
        squares.setdefault(move.end, []).append((move.id, "end"))
        if move.has_moved:
            squares.setdefault(move.start, []).append((move.id, "start"))
    found: dict[tuple[str, str], tuple[float, float]] = {}
    side = 100.0 / shown.size
    for point, members in squares.items():
        across = next(n for n in range(1, len(members) + 2) if n * n >= len(members))
        down = -(-len(members) // across)
        for number, member in enumerate(members):
            x = (number % across + 0.5) / across
            y = (number // across + 0.5) / down
            found[member] = (
                side * (point.likelihood - 1 + x),
                side * (shown.size - point.severity + y),
            )
    return found
