"""Whether the warehouse shows that a control works, with the rows that say so or do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assessments.questionnaire.prefill import Fact
from assessments.risk.catalogue import Control, Setting
from assessments.risk.facts import Facts, holds

MOST_LINES = 5
PROJECT = "project"


class Works(StrEnum):
    """SHOWN: every row says so. NOT_SHOWN: some row says otherwise, or does not say.

    NO_ROWS: nothing is there to look at. NO_FACT: the warehouse holds no fact about it.
    """

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    NO_ROWS = "no_rows"
    NO_FACT = "no_fact"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of evidence: how it is called, where it stands in which file, of which day."""

    name: str
    source: str
    row: str | None
    day: str | None
    sha256: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found: rows that meet the setting, of all that count; those against it first."""

    control: Control
    state: Works
    met: int
    all: int
    lines: tuple[Line, ...]


def works(controls: Iterable[Control], facts: Facts) -> list[Shown]:
    """The state of each control, in their order."""
    return [_examine(control, facts) for control in controls]


def _examine(control: Control, facts: Facts) -> Shown:
    setting = control.setting
    if setting is None:
        return Shown(control, Works.NO_FACT, 0, 0, ())
    rows = [fact for fact in facts.rows(setting.source) if holds(setting.where, fact.value)]
    if setting.require is None and not rows:
        return _absence(control, facts)
    lines = sorted((_line(setting, fact) for fact in rows), key=lambda line: line.is_met)
    met = sum(line.is_met for line in lines)
    return Shown(control, _state(met, len(rows)), met, len(rows), tuple(lines[:MOST_LINES]))


def _absence(control: Control, facts: Facts) -> Shown:
    """That nothing is there proves something only where the project is known at all."""
    known = [
        Line(
            str(fact.value.get("name") or ""), fact.source, fact.row, fact.as_of, fact.sha256, True
        )
        for fact in facts.rows(PROJECT)
    ]
    state = Works.SHOWN if known else Works.NO_ROWS
    return Shown(control, state, len(known), len(known), tuple(known))


def _line(setting: Setting, fact: Fact) -> Line:
    is_met = setting.require is not None and holds(setting.require, fact.value)
    name = str(fact.value.get(setting.name) or "")
    return Line(name, fact.source, fact.row, fact.as_of, fact.sha256, is_met)


def _state(met: int, count: int) -> Works:
    if count == 0:
        return Works.NO_ROWS
    return Works.SHOWN if met == count else Works.NOT_SHOWN
