"""Moving an assessment along the transition table, with its trail and its optimistic lock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.sql.base import Executable

from assessments.errors import Conflict
from assessments.records.store import Change, Event
from assessments.records.tables import assessment, transition
from assessments.review.lifecycle import DECIDED, Action, State, find_step


def move(
    change: Change,
    row: RowMapping,
    action: Action,
    *statements: Executable,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
) -> State:
    """Take one step: check the table, write the state, the trail and ``statements`` together."""
    step = find_step(row["state"], action)
    round_number = row["round"] + (action is Action.SUBMIT and row["state"] == State.RETURNED)
    written = {
        "state": step.target.value,
        "round": round_number,
        "updated_at": change.now,
        "version": row["version"] + 1,
    }
    if step.target in DECIDED:
        written["decided_at"] = change.now
    _check_unchanged(change.connection, row)
    change.apply(
        Event(
            action=f"assessment.{action.value}",
            kind="assessment",
            id=row["id"],
            permission=step.permission,
            scope=row["project_id"],
            facts={"from": row["state"], "to": step.target.value, "round": round_number}
            | (facts or {}),
            private=private or ({"reason": reason} if reason else None),
        ),
        update(assessment).where(assessment.c.id == row["id"]).values(**written),
        insert(transition).values(
            assessment_id=row["id"],
            round=round_number,
            action=action.value,
            from_state=row["state"],
            to_state=step.target.value,
            by=change.actor.person_id,
            at=change.now,
            reason=reason,
        ),
        *statements,
    )
    return step.target


def _check_unchanged(connection: Connection, row: RowMapping) -> None:
    current = connection.execute(
        select(assessment.c.version).where(assessment.c.id == row["id"])
    ).scalar_one()
    if current != row["version"]:
        raise Conflict(
            "The assessment changed meanwhile",
            "Reload the page, look at what changed, and decide again. Nothing was written.",
        )


def trail(connection: Connection, assessment_id: str) -> list[RowMapping]:
    """Every step taken so far, oldest first."""
    return list(
        connection.execute(
            select(transition)
            .where(transition.c.assessment_id == assessment_id)
            .order_by(transition.c.id)
        ).mappings()
    )
