"""The value of a KPI with its trend and its sources; the whole catalogue; the overview's board."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import duckdb

from assessments.errors import CannotSay
from dashboard.kpis.catalogue import BOARD_SIZE, catalogue
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.points import WEEKS, Meter, Stored, compute_trend, read_stored, week_ends
from dashboard.kpis.sources import SourceFacts, newest_landed_day, read_sources
from dashboard.kpis.value import KpiValue, Point


def value(kpi: Kpi, warehouse: duckdb.DuckDBPyConnection, as_of: date | None = None) -> KpiValue:
    """The KPI on a day (the newest day in the data by default)."""
    return values(warehouse, as_of, (kpi,))[0]


def values(
    warehouse: duckdb.DuckDBPyConnection,
    as_of: date | None = None,
    kpis: Iterable[Kpi] | None = None,
    *,
    afresh: bool = False,
) -> tuple[KpiValue, ...]:
    """Every KPI of the catalogue, or the given ones, with what the warehouse stored of their trends.

    afresh: nothing stored is read; the number is computed and has no trend.
    """
    wanted = tuple(catalogue() if kpis is None else kpis)
    day = as_of or latest_as_of(warehouse)
    meter = Meter(warehouse)
    stored = {} if afresh else read_stored(warehouse, wanted)
    facts = read_sources(warehouse)
    return tuple(_value(kpi, meter, day, stored, facts) for kpi in wanted)


def board(warehouse: duckdb.DuckDBPyConnection, as_of: date | None = None) -> tuple[KpiValue, ...]:
    """The at most six KPIs that the overview shows, in the order of their front matter."""
    chosen = [kpi for kpi in catalogue() if kpi.board is not None]
    return values(warehouse, as_of, chosen[:BOARD_SIZE])


def trend(
    kpi: Kpi,
    warehouse: duckdb.DuckDBPyConnection,
    as_of: date | None = None,
    *,
    weeks: int = WEEKS,
) -> tuple[Point, ...]:
    """The KPI on each week's end up to a day; read where it was stored, computed where it was not."""
    day = as_of or latest_as_of(warehouse)
    kept = {point.as_of: point for point in read_stored(warehouse, (kpi,)).get(kpi.name, ())}
    days = week_ends(day, weeks)
    if all(each in kept for each in days):
        return tuple(kept[each] for each in days)
    return compute_trend(kpi, warehouse, day, weeks)


def latest_as_of(warehouse: duckdb.DuckDBPyConnection) -> date:
    """The day for which the warehouse was built, else the newest day found in landed data."""
    try:
        found = warehouse.execute("select max(as_of) from generation").fetchall()[0][0]
    except duckdb.CatalogException:
        found = None
    day: date | None = found or newest_landed_day(warehouse)
    if day is None:
        raise CannotSay(
            "There is no data yet.", "Load exports with: privacy load PATH. Then KPIs have a day."
        )
    return day


def _value(
    kpi: Kpi,
    meter: Meter,
    day: date,
    stored: Stored,
    facts: SourceFacts,
) -> KpiValue:
    kept = tuple(each for each in stored.get(kpi.name, ()) if each.as_of <= day)
    is_kept = bool(kept) and kept[-1].as_of == day
    now = kept[-1] if is_kept else meter.point(kpi, day)
    if now.value is not None and facts.has_failed(kpi):
        now = replace(now, state="source_failed")
    past = kept if is_kept else ()
    return KpiValue(kpi, now, past, facts.of(kpi), (*kpi.caveats, *facts.notes(kpi)))
