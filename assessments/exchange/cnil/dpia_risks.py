"""Measures and risks of a DPIA as the CNIL method has them: one list, three feared events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.cnil.fields import EVENTS
from assessments.exchange.frame import Subject
from assessments.exchange.loss import Loss

Row = Mapping[str, Any]
BY_DESIGN = "The CNIL method knows no harm of processing that works as intended; it stays here."
MERGED = "The CNIL method has one risk for each feared event; the highest one gives the levels."
UNPLACED = "It names none of the three feared events, so it has no place."
ABOVE = "The CNIL scale ends at 4; the level was written as 4."
TOP = 4


def rows_of(subject: Subject, table: str) -> list[Row]:
    """The rows of a table; none when it is not answered."""
    answer = subject.assessment.answers.get(table)
    return list(answer.value) if answer and isinstance(answer.value, list) else []


def read_measures(subject: Subject) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Measures, and for each an evaluation: what is not yet in place is an action."""
    measures, evaluations = [], []
    for number, row in enumerate(rows_of(subject, "measures")):
        row_id = f"new{number}"
        measures.append({"id": row_id, "title": row.get("title") or "?",
                         "content": row.get("effect"), "kind": None})  # fmt: skip
        is_open = row.get("status") != "implemented"
        evaluations.append({
            "id": f"measure{number}", "reference": "3.1", "measure": row_id,
            "verdict": "improvable" if is_open else "acceptable", "progress": "complete",
            "comment": None, "action": "Put the measure in place." if is_open else None,
            "severity": None, "likelihood": None,
            "owner": subject.names("person", row["owner"]) if row.get("owner") else None,
            "due_on": row.get("due_on"),
        })  # fmt: skip
    return measures, evaluations


def read_risks(
    subject: Subject,
) -> tuple[dict[str, Any], list[dict[str, Any]], list[Loss]]:
    """Answers of 3.2 to 3.4, the levels that remain as evaluations, and what was merged."""
    threats = rows_of(subject, "events")
    inherent = {row["threat"]: row for row in rows_of(subject, "inherent") if row.get("threat")}
    residual = {row["threat"]: row for row in rows_of(subject, "residual") if row.get("threat")}
    made: dict[str, Any] = {}
    evaluations: list[dict[str, Any]] = []
    losses = [Loss(f"by_design[{n}]", "a risk", BY_DESIGN)
              for n, _ in enumerate(rows_of(subject, "by_design"))]  # fmt: skip
    losses += [Loss(f"events[{n}]", "a risk", UNPLACED)
               for n, row in enumerate(threats) if row.get("event") not in EVENTS]  # fmt: skip
    for event, item in EVENTS.items():
        of_event = [row for row in threats if row.get("event") == event]
        made |= _answers(subject, item, of_event, inherent, losses)
        evaluations += _remaining(item, of_event, residual, losses)
        if len(of_event) > 1:
            losses.append(Loss(f"3.{item}", f"{len(of_event)} risks in one", MERGED))
    return made, evaluations, losses


def _answers(
    subject: Subject, item: int, threats: list[Row], inherent: Mapping[str, Row], losses: list[Loss]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"q3{item}1": _distinct(threats, "impact"),
        f"q3{item}2": _distinct(threats, "title"),
        f"q3{item}3": _distinct(threats, "source"),
        f"q3{item}4": [
            f"new{number}"
            for number, row in enumerate(rows_of(subject, "measures"))
            if {threat["id"] for threat in threats} & set(row.get("threats") or [])
        ],
    }
    rated = [inherent[threat["id"]] for threat in threats if threat["id"] in inherent]
    top = highest(rated)
    if top is not None:
        reasons = "\n".join(row["factors"] for row in rated if row.get("factors"))
        hows = "\n".join(threat["how"] for threat in threats if threat.get("how"))
        found |= {
            f"q3{item}5_level": _level(top["severity"], f"3.{item}.5", losses),
            f"q3{item}6_level": _level(top["likelihood"], f"3.{item}.6", losses),
            f"q3{item}5": reasons,
            f"q3{item}6": hows,
        }
    return found


def highest(rows: list[Row]) -> Row | None:
    """The row with the highest sum of severity and likelihood; of two, the more severe."""
    rated = [row for row in rows if row.get("severity") and row.get("likelihood")]
    return max(
        rated, key=lambda row: (row["severity"] + row["likelihood"], row["severity"]), default=None
    )


def _remaining(
    item: int, threats: list[Row], residual: Mapping[str, Row], losses: list[Loss]
) -> list[dict[str, Any]]:
    rated = [residual[threat["id"]] for threat in threats if threat["id"] in residual]
    top = highest(rated)
    if top is None:
        return []
    is_acceptable = all(row.get("acceptable") == "yes" for row in rated)
    return [
        {
            "id": f"risk{item}", "reference": f"3.{item}", "measure": None,
            "verdict": "acceptable" if is_acceptable else "improvable", "progress": "complete",
            "comment": "\n".join(row["why"] for row in rated if row.get("why")) or None,
            "action": None,
            "severity": _level(top["severity"], f"3.{item}", losses),
            "likelihood": _level(top["likelihood"], f"3.{item}", losses),
            "owner": None, "due_on": None,
        }
    ]  # fmt: skip


def _level(level: Any, where: str, losses: list[Loss]) -> int:
    if level > TOP:
        losses.append(Loss(where, f"the level {level}", ABOVE))
    return int(min(level, TOP))


def _distinct(rows: list[Row], column: str) -> str:
    """One line for each different value."""
    return "\n".join(dict.fromkeys(row[column] for row in rows if row.get(column)))
