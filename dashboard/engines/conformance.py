"""Runs a KPI on DuckDB and on another engine over the same data and compares what both give.

Compared are the four counts behind the number and every row in its order. Texts, days and whole numbers
must be equal; floating-point numbers may differ by ``TOLERANCE`` of the larger one, because engines add
in different orders.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import duckdb

from assessments.errors import WorkbenchError
from dashboard.engines.spark import Spark
from dashboard.engines.support import Shown, fingerprint
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.population import number_sql

TOLERANCE = 1e-9
Rows = Sequence[tuple[Any, ...]]


def as_warehouse(spark: Spark) -> duckdb.DuckDBPyConnection:
    """The engine where KPIs expect a connection; of that they use execute, fetchall and description."""
    return cast(duckdb.DuckDBPyConnection, spark)


def compare(kpi: Kpi, warehouse: duckdb.DuckDBPyConnection, spark: Spark, as_of: date) -> Shown:
    """What comparing one KPI on one day shows."""
    versions = f"duckdb {duckdb.__version__}, spark {spark.version}"
    shown = Shown(kpi.name, "failed", 0, "", fingerprint(kpi), versions)
    try:
        here = [_answer(warehouse, text, as_of) for text in (number_sql(kpi), kpi.text)]
        there = [_answer(spark, text, as_of) for text in (number_sql(kpi), kpi.text)]
    except WorkbenchError as error:
        return _with(shown, "failed", f"{error.title} {error.detail}")
    for what, left, right in zip(("number", "rows"), here, there, strict=True):
        if difference := _difference(left, right):
            return _with(shown, "different", f"{what}: {difference}")
    rows = len(here[1])
    return Shown(kpi.name, "same" if rows else "empty", rows, "", shown.fingerprint, versions)


def _with(shown: Shown, result: Any, detail: str) -> Shown:
    return Shown(shown.kpi, result, 0, detail[:300], shown.fingerprint, shown.versions)


def _answer(engine: Any, text: str, as_of: date) -> Rows:
    return cast(Rows, engine.execute(text, {"as_of": as_of}).fetchall())


def _difference(left: Rows, right: Rows) -> str:
    """Where two answers differ first, by place and never by content; nothing when they agree."""
    if len(left) != len(right):
        return f"{len(left)} rows here, {len(right)} there"
    for number, (one, other) in enumerate(zip(left, right, strict=True), 1):
        for place, (here, there) in enumerate(zip(one, other, strict=True), 1):
            if not is_same(here, there):
                return f"row {number}, column {place}"
    return ""


def is_same(here: Any, there: Any) -> bool:
    """Whether two cells agree; a number of floating point within the tolerance, all else exactly."""
    if isinstance(here, bool) or isinstance(there, bool):
        return here is there
    if isinstance(here, float) and isinstance(there, float | int):
        return math.isclose(here, there, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(here == there)
