"""Values that a CNIL PIA says in several places, under one name each, for the map to a DPIA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.cnil.fields import EVENTS, LIST_QUESTIONS
from assessments.exchange.cnil.figures import OPEN, figures


def with_derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Lists in one line; levels after the action plan, reasons of levels, actions as lines."""
    found = figures(values)
    made: dict[str, Any] = dict(values)
    for number in LIST_QUESTIONS:
        if values.get(f"q{number}"):
            made[f"q{number}"] = "; ".join(values[f"q{number}"].split("\n"))
    for event, item in EVENTS.items():
        reasons = [values.get(f"q3{item}{n}") for n in (5, 6)]
        made[f"reasons_{event}"] = "\n".join(text for text in reasons if text)
        made[f"residual_severity_{event}"] = found.residual[event].severity
        made[f"residual_likelihood_{event}"] = found.residual[event].likelihood
        made[f"action_{event}"] = _action(values, f"3.{item}")
    made["actions"] = "\n".join(_lines(values))
    return made


def _action(values: Mapping[str, Any], reference: str) -> str | None:
    rows = [r for r in values.get("evaluations") or [] if r["reference"] == reference]
    return next((row["action"] or row["comment"] for row in reversed(rows)), None)


def _lines(values: Mapping[str, Any]) -> list[str]:
    titles = {row["id"]: row["title"] for row in values.get("measures") or []}
    return [
        " ".join(filter(None, [f"{titles.get(row['measure']) or _part(row['reference'])}:",
                               row["action"], _who_and_when(row)]))
        for row in values.get("evaluations") or []
        if row["verdict"] in OPEN and row["action"]
    ]  # fmt: skip


def _part(reference: str) -> str:
    """2.1.211 as people read it: 2.1.1."""
    last = reference.rsplit(".", 1)[-1]
    return ".".join(last) if len(last) == 3 and last.isdigit() else reference


def _who_and_when(row: Mapping[str, Any]) -> str:
    known = [part for part in (row["owner"], row["due_on"]) if part]
    return f"({', '.join(known)})" if known else ""
