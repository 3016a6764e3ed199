"""Reading actions; those that are due first stand in front."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from assessments.actions.action import Action, Origin, Status
from assessments.actions.tables import action_item
from assessments.errors import NotFound


def find_action(connection: Connection, action_id: str) -> Action:
    """The action with this id, or NotFound."""
    row = connection.execute(
        select(action_item).where(action_item.c.id == action_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no action {action_id[:40]}", field="action")
    return _action(row)


def list_actions(
    connection: Connection,
    *,
    project: str | None = None,
    assessment: str | None = None,
    owner: str | None = None,
    status: Status | None = None,
) -> list[Action]:
    """Actions by their day; of one project, assessment, owner or status where these are named."""
    wanted = {
        action_item.c.project_id: project,
        action_item.c.assessment_id: assessment,
        action_item.c.owner_id: owner,
        action_item.c.status: status.value if status else None,
    }
    query = select(action_item).where(*(c == value for c, value in wanted.items() if value))
    rows = connection.execute(query.order_by(action_item.c.due_on, action_item.c.id)).mappings()
    return [_action(row) for row in rows]


def _action(row: RowMapping) -> Action:
    return Action(**{**row, "origin": Origin(row["origin"]), "status": Status(row["status"])})
