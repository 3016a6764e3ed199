"""What a CNIL PIA comes to in numbers: levels before and after, and actions without anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.exchange.cnil.fields import EVENTS

TITLES = {"access": "Illegitimate access", "change": "Unwanted change", "loss": "Disappearance"}
OPEN = frozenset({"to_correct", "improvable"})


@dataclass(frozen=True, slots=True)
class Levels:
    """Severity and likelihood of a feared event; None where nobody said."""

    severity: int | None
    likelihood: int | None

    def __bool__(self) -> bool:
        return bool(self.severity or self.likelihood)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one PIA. residual falls back to initial where nothing was re-estimated."""

    verdicts: Mapping[str, int]
    initial: Mapping[str, Levels]
    re_estimated: Mapping[str, Levels]
    residual: Mapping[str, Levels]
    actions: int
    actions_without_owner: int
    actions_without_day: int

    def as_risks(self) -> tuple[dict[str, Any], ...]:
        """Each feared event that is rated, with what is left after the actions."""
        return tuple(
            {
                "title": TITLES[event],
                "severity": levels.severity,
                "likelihood": levels.likelihood,
                "residual_severity": self.residual[event].severity,
                "residual_likelihood": self.residual[event].likelihood,
            }
            for event, levels in self.initial.items()
            if levels or self.residual[event]
        )

    def as_counts(self) -> dict[str, int]:
        """The part that goes beside the numbers of rows."""
        return {
            **{f"evaluations_{verdict}": number for verdict, number in self.verdicts.items()},
            "actions": self.actions,
            "actions_without_owner": self.actions_without_owner,
            "actions_without_day": self.actions_without_day,
        }


def figures(values: Mapping[str, Any]) -> Figures:
    """From the values of a ``cnil_pia`` assessment, imported or written here."""
    rows = values.get("evaluations") or []
    verdicts: dict[str, int] = {}
    for row in rows:
        verdicts[row["verdict"] or "pending"] = verdicts.get(row["verdict"] or "pending", 0) + 1
    initial = {event: _initial(values, item) for event, item in EVENTS.items()}
    again = {event: _again(rows, f"3.{item}") for event, item in EVENTS.items()}
    actions = [row for row in rows if row["verdict"] in OPEN and row["action"]]
    return Figures(
        verdicts=verdicts,
        initial=initial,
        re_estimated={event: levels for event, levels in again.items() if levels},
        residual={event: _later(again[event], initial[event]) for event in EVENTS},
        actions=len(actions),
        actions_without_owner=sum(not row["owner"] for row in actions),
        actions_without_day=sum(not row["due_on"] for row in actions),
    )


def _initial(values: Mapping[str, Any], item: int) -> Levels:
    return Levels(values.get(f"q3{item}5_level"), values.get(f"q3{item}6_level"))


def _again(rows: list[dict[str, Any]], reference: str) -> Levels:
    """The last re-estimate of this item."""
    found = [row for row in rows if row["reference"] == reference]
    return Levels(found[-1]["severity"], found[-1]["likelihood"]) if found else Levels(None, None)


def _later(again: Levels, before: Levels) -> Levels:
    return Levels(again.severity or before.severity, again.likelihood or before.likelihood)
