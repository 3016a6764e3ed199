"""Copies what KPIs need of the records into a generation: states and days, no answers, no names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import duckdb
from sqlalchemy import Connection, and_, select

from assessments.grants import Grant, list_grants
from assessments.leakage.register.reading import Registered, list_registered
from assessments.leakage.results_file import COLUMNS
from assessments.ledger import store
from assessments.records import Records
from assessments.records.tables import assessment, condition, decision
from dashboard.warehouse.review_copy import TABLES, read_review

ASSESSMENT = (
    "assessment_id varchar, template varchar, project_id varchar, state varchar, "
    "created_on date, approved_on date, review_due_on date"
)
CONDITION = (
    "condition_id varchar, assessment_id varchar, owner_id varchar, due_on date, closed_on date"
)
GRANT = (
    "grant_id varchar, person_id varchar, dataset_id varchar, purpose_id varchar, "
    "valid_from date, valid_to date, granted_by varchar, reason varchar, revoked_on date, "
    "known_from date, known_until date"
)
LEDGER = "size bigint"
MEASUREMENT = (
    "result_id varchar, subject_kind varchar, subject_id varchar, channel varchar, measure varchar, "
    "method varchar, method_version varchar, measured double, low double, high double, "
    "confidence double, n bigint, severity double, extent double, power_check varchar, "
    "null_check varchar, measured_on date, data_sha256 varchar, code_sha256 varchar, status varchar, "
    "measurement_id varchar"
)
FOREVER = date(9999, 12, 31)
APPROVED = ("approved", "approved_with_conditions")


def copy_records(connection: duckdb.DuckDBPyConnection, records: Records | None) -> None:
    """Make the ``record_`` tables; empty ones when there are no records yet."""
    found: dict[str, Sequence[Sequence[Any]]] = {}
    if records is not None:
        with records.read() as source:
            found = {
                "assessment": _assessments(source),
                "condition": _conditions(source),
                "grant": _grants(source),
                "measurement": _measurements(source),
                "ledger_size": [(store.size(source),)],
                **read_review(source),
            }
    _fill(connection, "record_assessment", ASSESSMENT, found.get("assessment", []))
    _fill(connection, "record_condition", CONDITION, found.get("condition", []))
    _fill(connection, "record_grant", GRANT, found.get("grant", []))
    _fill(connection, "record_measurement", MEASUREMENT, found.get("measurement", []))
    _fill(connection, "record_ledger_size", LEDGER, found.get("ledger_size", [(0,)]))
    for name, columns in TABLES.items():
        _fill(connection, name, columns, found.get(name, []))


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


def _grants(source: Connection) -> list[tuple[Any, ...]]:
    """Grants as the export of grants has them; one that was revoked was known differently before."""
    found: list[tuple[Any, ...]] = []
    for grant in list_grants(source):
        row = grant_row(grant)
        given, taken = grant.granted_at.date(), _day(grant.revoked_at)
        if given < (taken or FOREVER):
            found.append((*row[:-1], None, given, taken or FOREVER))
        if taken:
            found.append((*row, taken, FOREVER))
    return found


def _measurements(source: Connection) -> list[tuple[Any, ...]]:
    """Registered measurements as the export of leakage results has them, where they count."""
    return [_result(each) for each in list_registered(source) if each.counts]


def _result(found: Registered) -> tuple[Any, ...]:
    named = {"result_id": found.row_id, "status": "valid" if found.is_evidence else "invalid"}
    row = [named[name] if name in named else getattr(found, name) for name in COLUMNS]
    return (*row, found.id)


def grant_row(grant: Grant) -> tuple[Any, ...]:
    """A grant in the columns of the contract of grants; its reason is the request that it came from."""
    return (
        grant.id,
        grant.person_id,
        grant.dataset_id,
        grant.purpose_id,
        grant.valid_from,
        grant.valid_to,
        grant.granted_by,
        f"Access request {grant.assessment_id}",
        _day(grant.revoked_at),
    )


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
