"""What one check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Whether something is in order, wants attention, or is broken."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """name: a stable word for scripts. detail: what was seen. remedy: what to do, when something is."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def worst(findings: Iterable[Finding]) -> State:
    """The state of the whole."""
    states = {finding.state for finding in findings}
    return next((s for s in (State.BROKEN, State.ATTENTION) if s in states), State.OK)


def in_order(name: str, detail: str) -> Finding:
    return Finding(name, State.OK, detail)


def attention(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name, State.ATTENTION, detail, remedy)


def broken(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name, State.BROKEN, detail, remedy)
