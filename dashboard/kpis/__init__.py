"""KPIs: one ``.sql`` file each; its value, trend and rows all come from that one text."""

from dashboard.kpis.catalogue import catalogue, get
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.measure import board, latest_as_of, trend, value, values
from dashboard.kpis.points import precompute
from dashboard.kpis.population import Rows, every_row, rows
from dashboard.kpis.value import KpiValue, Point, Source

__all__ = [
    "Kpi",
    "KpiValue",
    "Point",
    "Rows",
    "Source",
    "board",
    "catalogue",
    "every_row",
    "get",
    "latest_as_of",
    "precompute",
    "rows",
    "trend",
    "value",
    "values",
]
