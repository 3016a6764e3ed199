"""The KPI on one day, on each week's end before it, and all of that stored when a warehouse is built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from dashboard.kpis.catalogue import catalogue
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.population import number_sql
from dashboard.kpis.sources import filled_kinds, newest_day
from dashboard.kpis.value import Point, State, judge

WEEKS = 26
Stored = dict[str, tuple[Point, ...]]

CREATE = """
create or replace table kpi_trend (
    kpi varchar, sha256 varchar, as_of date, value double,
    numerator bigint, denominator bigint, failing bigint, state varchar
)
"""


def week_ends(as_of: date, weeks: int = WEEKS) -> tuple[date, ...]:
    """The day itself and the same weekday of the weeks before, oldest first."""
    return tuple(as_of - timedelta(weeks=back) for back in reversed(range(weeks)))


@dataclass(slots=True)
class Meter:
    """Measures KPIs on one warehouse; what the KPIs share is asked once."""

    warehouse: duckdb.DuckDBPyConnection
    filled: dict[str, bool] = field(default_factory=dict)
    newest: dict[tuple[str, date], date | None] = field(default_factory=dict)

    def point(self, kpi: Kpi, as_of: date) -> Point:
        """Count the population on a day and judge the number.

        No data: a source without which the number cannot be said holds nothing yet, or nobody is in
        the population.
        """
        denominator, failing, unscored, score = self.warehouse.execute(
            number_sql(kpi), {"as_of": as_of}
        ).fetchall()[0]
        numerator = failing if kpi.aggregate == "count_failing" else denominator - failing
        newest = self._newest(kpi, as_of)
        has_data = self._has_data(kpi) and (kpi.fresh is None or newest is not None)
        value = _aggregate(kpi, denominator, failing, score) if has_data else None
        state: State = judge(kpi, value, failing, unscored if kpi.score else 0)
        if value is not None and kpi.fresh and newest:
            state = "stale" if newest < as_of - timedelta(days=kpi.fresh.days) else state
        return Point(as_of, value, numerator, denominator, failing, state)

    def _has_data(self, kpi: Kpi) -> bool:
        unknown = tuple(kind for kind in kpi.sources if kind not in self.filled)
        found = filled_kinds(self.warehouse, unknown)
        self.filled |= {kind: kind in found for kind in unknown}
        return all(self.filled[kind] for kind in kpi.sources)

    def _newest(self, kpi: Kpi, as_of: date) -> date | None:
        if kpi.fresh is None:
            return None
        asked = (kpi.fresh.kind, as_of)
        if asked not in self.newest:
            self.newest[asked] = newest_day(self.warehouse, *asked)
        return self.newest[asked]


def _aggregate(kpi: Kpi, denominator: int, failing: int, score: float | None) -> float | None:
    if not denominator:
        return None
    if kpi.aggregate == "count_failing":
        return float(failing)
    if kpi.aggregate == "share_met":
        return 100 * (denominator - failing) / denominator
    return None if score is None else float(score)


def compute_trend(
    kpi: Kpi, warehouse: duckdb.DuckDBPyConnection, as_of: date, weeks: int = WEEKS
) -> tuple[Point, ...]:
    """The same text on each week's end."""
    meter = Meter(warehouse)
    return tuple(meter.point(kpi, day) for day in week_ends(as_of, weeks))


def precompute(
    connection: duckdb.DuckDBPyConnection, as_of: date, kpis: Iterable[Kpi] | None = None
) -> None:
    """Store the trend of every KPI in the warehouse that is being built (table ``kpi_trend``)."""
    meter = Meter(connection)
    stored = [
        [
            kpi.name, kpi.sha256, each.as_of, each.value,
            each.numerator, each.denominator, each.failing, each.state,
        ]
        for kpi in (catalogue() if kpis is None else kpis)
        for each in (meter.point(kpi, day) for day in week_ends(as_of))
    ]  # fmt: skip
    connection.execute(CREATE)
    if stored:
        columns = [list(column) for column in zip(*stored, strict=True)]
        connection.execute(f"insert into kpi_trend select {', '.join(['unnest(?)'] * 8)}", columns)


def read_stored(warehouse: duckdb.DuckDBPyConnection, kpis: Iterable[Kpi]) -> Stored:
    """Stored trends, only of texts that have not changed since; empty when nothing was stored."""
    wanted = {kpi.name: kpi.sha256 for kpi in kpis}
    try:
        found = warehouse.execute(
            "select * from kpi_trend where list_contains($names, kpi) order by kpi, as_of",
            {"names": list(wanted)},
        ).fetchall()
    except duckdb.CatalogException:
        return {}
    stored: dict[str, list[Point]] = {}
    for name, sha256, *facts in found:
        if wanted.get(name) == sha256:
            stored.setdefault(name, []).append(Point(*facts))
    return {name: tuple(points) for name, points in stored.items()}
