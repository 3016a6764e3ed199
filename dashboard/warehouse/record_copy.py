"""Copies what KPIs need of the records into a generation: states and days, no answers, no names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import duckdb
from sqlalchemy import Connection, and_, select

from assessments.ledger import store
from assessments.records import Records
from assessments.records.tables import assessment, condition, decision

ASSESSMENT = (
    "assessment_id varchar, template varchar, project_id varchar, state varchar, "
    "created_on date, approved_on date, review_due_on date"
)
CONDITION = (
    "condition_id varchar, assessment_id varchar, owner_id varchar, due_on date, closed_on date"
)
LEDGER = "size bigint"
APPROVED = ("approved", "approved_with_conditions")


def copy_records(connection: duckdb.DuckDBPyConnection, records: Records | None) -> None:
    """Make the ``record_`` tables; empty ones when there are no records yet."""
    found: dict[str, Sequence[Sequence[Any]]] = {}
    if records is not None:
        with records.read() as source:
            found = {
                "assessment": _assessments(source),
                "condition": _conditions(source),
                "ledger_size": [(store.size(source),)],
            }
    _fill(connection, "record_assessment", ASSESSMENT, found.get("assessment", []))
    _fill(connection, "record_condition", CONDITION, found.get("condition", []))
    _fill(connection, "record_ledger_size", LEDGER, found.get("ledger_size", [(0,)]))


def _assessments(source: Connection) -> list[tuple[Any, ...]]:
    """The decision of the current round, where it was an approval, dates the approval."""
    current = and_(
        decision.c.assessment_id == assessment.c.id,
        decision.c.round == assessment.c.round,
        decision.c.outcome.in_(APPROVED),
    )
    query = select(
        assessment.c.id,
        assessment.c.template_id,
        assessment.c.project_id,
        assessment.c.state,
        assessment.c.created_at,
        decision.c.at,
        assessment.c.review_due_on,
    ).select_from(assessment.outerjoin(decision, current))
    return [(*row[:4], _day(row[4]), _day(row[5]), row[6]) for row in source.execute(query)]


def _conditions(source: Connection) -> list[tuple[Any, ...]]:
    query = select(
        condition.c.id,
        condition.c.assessment_id,
        condition.c.owner_id,
        condition.c.due_on,
        condition.c.closed_at,
    )
    return [(*row[:4], _day(row[4])) for row in source.execute(query)]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[Sequence[Any]]
) -> None:
    connection.execute(f"create table {table} ({columns})")
    if rows:
        places = ", ".join("?" for _ in rows[0])
        connection.executemany(
            f"insert into {table} values ({places})", [list(row) for row in rows]
        )
