"""KPIs and their rows on Spark, by the code that measures them on DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dashboard.engines.conformance import as_warehouse
from dashboard.engines.spark import Spark
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.measure import latest_as_of, values
from dashboard.kpis.population import Rows, every_row
from dashboard.kpis.value import KpiValue


def values_on(spark: Spark, kpis: Iterable[Kpi], as_of: date | None) -> tuple[KpiValue, ...]:
    """The KPIs on a day, computed afresh: what a build stored of trends is not exported."""
    day = as_of or spark.export.as_of or latest_as_of(as_warehouse(spark))
    generation = str(spark.export.generation)
    found = values(as_warehouse(spark), day, kpis, afresh=True)
    return tuple(replace(value, generation=generation) for value in found)


def rows_on(spark: Spark, kpi: Kpi, as_of: date) -> Rows:
    """The rows behind the number."""
    return every_row(kpi, as_warehouse(spark), as_of)
