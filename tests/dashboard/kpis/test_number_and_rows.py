"""The number equals its rows, recounted in Python from pages of rows, for every KPI on the whole sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from dashboard.kpis import Kpi, catalogue, every_row, rows, trend, value
from dashboard.kpis.points import Meter
from dashboard.kpis.population import Only

EVERY = pytest.mark.parametrize("kpi", catalogue(), ids=lambda kpi: kpi.name)
PAGE_SIZE = 7919


def _paged(
    kpi: Kpi, warehouse: DuckDBPyConnection, day: date, only: Only
) -> Iterator[dict[str, Any]]:
    page = 1
    while found := rows(kpi, warehouse, day, page=page, size=PAGE_SIZE, only=only).as_dicts():
        yield from found
        page += 1


@EVERY
def test_the_number_is_what_its_paged_rows_add_up_to_each_with_its_own_key(
    kpi: Kpi, sample: DuckDBPyConnection
) -> None:
    shown = value(kpi, sample)
    population = list(_paged(kpi, sample, shown.as_of, "all"))
    failing = list(_paged(kpi, sample, shown.as_of, "failing"))

    recounted = {
        "count_failing": lambda: len(failing),
        "share_met": lambda: 100 * sum(row["is_met"] for row in population) / len(population),
        "max": lambda: max(row[kpi.score] for row in population if row[kpi.score] is not None),
        "median": lambda: median(row[kpi.score] for row in population),
    }[kpi.aggregate]
    assert shown.value == (pytest.approx(recounted()) if population else None)
    assert [row for row in population if not row["is_met"]] == failing
    assert shown.rows == len(failing if kpi.aggregate == "count_failing" else population)
    assert {row["is_met"] for row in population} <= {True, False}
    assert len({tuple(row[name] for name in kpi.key) for row in population}) == len(population)


@EVERY
def test_the_stored_trend_is_what_the_text_gives_on_those_days(
    kpi: Kpi, sample: DuckDBPyConnection
) -> None:
    stored = trend(kpi, sample)
    meter = Meter(sample)

    assert len(stored) == 26
    assert [meter.point(kpi, stored[place].as_of) for place in (0, 13, 25)] == [
        stored[place] for place in (0, 13, 25)
    ]
    assert stored[-1] == value(kpi, sample).point


def test_the_command_line_gets_all_rows_of_a_number_at_once(sample: DuckDBPyConnection) -> None:
    for kpi in catalogue():
        shown = value(kpi, sample)
        assert len(every_row(kpi, sample, shown.as_of).rows) == shown.rows
