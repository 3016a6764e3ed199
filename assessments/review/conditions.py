"""Reading one condition of an approval."""

from __future__ import annotations

from sqlalchemy import Connection, RowMapping, select

from assessments.errors import NotFound
from assessments.records.tables import condition


def find_condition(connection: Connection, condition_id: str) -> RowMapping:
    """The condition with this id, or NotFound."""
    row = connection.execute(
        select(condition).where(condition.c.id == condition_id)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise NotFound(f"There is no condition {condition_id[:40]}", field="condition")
    return row
