"""What was found in fields and is not declared: the failing rows of two KPIs, each with what names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from duckdb import DuckDBPyConnection

from assessments.actions import Action, Status
from dashboard import kpis
from dashboard.inventory.query import Row

FOUND, SUGGESTED = "undeclared_personal_data", "fields_that_sound_personal"
NAME = "name"


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """One open finding. found_by: a detector, the inventory's own scan, or the name of the field."""

    dataset_id: str
    field: str
    declared: str | None
    category: str
    found_by: str
    share: float | None
    low: float | None
    high: float | None
    masked: str | None
    action_id: str | None

    @property
    def ref(self) -> str:
        """By which an action about it names it."""
        return f"{self.dataset_id}.{self.field}:{self.category}"

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"finding": self.ref, **asdict(self)}


def open_findings(
    cursor: DuckDBPyConnection, actions: Mapping[str, Action], dataset_id: str | None = None
) -> list[FieldFinding]:
    """Every open finding, or those of one dataset: what was found first, then what only sounds so.

    actions: what was promised or dismissed since the warehouse was built, by finding.
    """
    found = [_found(row) for row in _failing(cursor, FOUND)]
    known = {(each.dataset_id, each.field) for each in found}
    found += [
        _suggested(row)
        for row in _failing(cursor, SUGGESTED)
        if (row["dataset_id"], row["field"]) not in known
    ]
    return [
        replace(each, action_id=actions[each.ref].id) if each.ref in actions else each
        for each in found
        if dataset_id in (None, each.dataset_id) and not _is_dismissed(actions.get(each.ref))
    ]


def _failing(cursor: DuckDBPyConnection, name: str) -> list[Row]:
    day = kpis.latest_as_of(cursor)
    rows = kpis.every_row(kpis.get(name), cursor, day).as_dicts()
    return [row for row in rows if not row["is_met"]]


def _is_dismissed(action: Action | None) -> bool:
    return action is not None and action.status is Status.DROPPED


def _found(row: Row) -> FieldFinding:
    return FieldFinding(
        row["dataset_id"], row["field"], row["declared_category"], row["detected_category"],
        row["found_by"], row["detected_share"], row["share_low"], row["share_high"],
        row["masked"], row["action_id"],
    )  # fmt: skip


def _suggested(row: Row) -> FieldFinding:
    return FieldFinding(
        row["dataset_id"], row["field"], row["declared_category"], row["suggested_category"],
        NAME, None, None, None, None, row["action_id"],
    )  # fmt: skip
