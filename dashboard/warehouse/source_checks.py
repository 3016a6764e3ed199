"""Whether the newest load of each kind can be relied on, out of its declared report."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from assessments.errors import NotFound
from assessments.settings import Home
from dashboard.exports.declared import DeclaredReport, read_report
from dashboard.exports.landing import LANDED

TOLERATED = 0.05
"""Share of records that may break a critical rule; they are in quarantine, the rest can be used."""


def newest_reports(home: Home, landing: duckdb.DuckDBPyConnection) -> tuple[DeclaredReport, ...]:
    """The declared report of the newest load of each kind, where there is one."""
    batches = landing.execute(
        f"select arg_max(batch_id, loaded_at) from {LANDED}.loads group by kind order by kind"
    ).fetchall()
    found = []
    for (batch,) in batches:
        try:
            found.append(read_report(home, batch))
        except NotFound:
            continue
    return tuple(found)


def copy_source_checks(
    connection: duckdb.DuckDBPyConnection, reports: Sequence[DeclaredReport]
) -> None:
    """Make ``source_check`` and ``declared_expectation`` in the generation that is being built."""
    connection.execute(
        "create table source_check (kind varchar, is_passed boolean, detail varchar)"
    )
    connection.execute(
        "create table declared_expectation (kind varchar, batch_id varchar, rule varchar, "
        "sentence varchar, severity varchar, is_met boolean, unexpected bigint, checked bigint)"
    )
    for report in reports:
        detail = _worst(report)
        connection.execute(
            "insert into source_check values (?, ?, ?)", [report.kind, not detail, detail]
        )
        connection.executemany(
            "insert into declared_expectation values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    report.kind, report.batch_id, one.rule, one.sentence, one.severity,
                    one.success, one.unexpected_count, one.element_count,
                ]
                for one in report.expectations
            ],
        )  # fmt: skip


def _worst(report: DeclaredReport) -> str:
    """The sentence about the critical rule that most records break, if it is too many."""
    broken = [
        one
        for one in report.expectations
        if one.severity == "critical" and one.unexpected_count > TOLERATED * one.element_count
    ]
    if not broken:
        return ""
    worst = max(broken, key=lambda one: one.unexpected_count)
    return f"{worst.unexpected_count} of {worst.element_count} records: {worst.sentence}"
