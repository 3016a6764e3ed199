"""A KPI's rows and counts, always over the same text, or over daily sums that give the same number.

A row whose ``is_met`` is unknown counts as failing: what is not shown to be so is not so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from assessments.errors import BadInput
from dashboard.kpis.kpi import Kpi

if TYPE_CHECKING:
    import pandas as pd

Only = Literal["failing", "met", "all"]
FILTERS: dict[Only, str] = {
    "failing": "where is_met is not true",
    "met": "where is_met",
    "all": "",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows; ``total`` counts all of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int

    def __repr__(self) -> str:
        return f"Rows({len(self.rows)} of {self.total}: {', '.join(self.columns)})"

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def as_dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def count_sql(kpi: Kpi) -> str:
    """All rows, failing rows, rows without a score, and the aggregate of the score."""
    score = kpi.score or "null"
    aggregate = {"max": "max", "median": "median"}.get(kpi.aggregate, "max")
    return (
        "select\n    count(*) as denominator,\n"
        "    count(*) filter (where is_met is not true) as failing,\n"
        f"    count(*) filter (where {score} is null) as unscored,\n"
        f"    {aggregate}({score}) as score\n"
        f"from (\n{kpi.select}\n) as population"
    )


def number_sql(kpi: Kpi) -> str:
    """The four counts of ``count_sql`` in the cheapest way: from daily sums where the file has them."""
    if kpi.counted is None:
        return count_sql(kpi)
    return (
        "select\n    cast(coalesce(sum(events), 0) as bigint) as denominator,\n"
        "    cast(coalesce(sum(case when is_met then 0 else events end), 0) as bigint) as failing,\n"
        "    0 as unscored,\n    null as score\n"
        f"from (\n{kpi.counted}\n) as population"
    )


def rows(
    kpi: Kpi,
    warehouse: duckdb.DuckDBPyConnection,
    as_of: date,
    *,
    page: int = 1,
    size: int = 50,
    only: Only = "failing",
    order: str | None = None,
) -> Rows:
    """One page of the population. ``order`` is a column, with ``-`` before it for descending."""
    if page < 1 or size < 1:
        raise BadInput("A page number and a page size are at least 1.", field="page")
    source = f"from (\n{kpi.select}\n) as population {FILTERS[only]}"
    wanted = {"as_of": as_of}
    total = _total(kpi, warehouse, as_of, only)
    found = warehouse.execute(
        f"select * {source} order by {_ordering(kpi, order)} limit {size:d} offset {(page - 1) * size:d}",
        wanted,
    )
    columns = tuple(entry[0] for entry in found.description or ())
    return Rows(columns, tuple(found.fetchall()), total)


def _total(kpi: Kpi, warehouse: duckdb.DuckDBPyConnection, as_of: date, only: Only) -> int:
    found = warehouse.execute(number_sql(kpi), {"as_of": as_of}).fetchall()[0]
    every, failing = int(found[0]), int(found[1])
    return {"all": every, "failing": failing, "met": every - failing}[only]


def every_row(kpi: Kpi, warehouse: duckdb.DuckDBPyConnection, as_of: date) -> Rows:
    """The rows behind the number: the failing ones of a count, the whole population otherwise."""
    only: Only = "failing" if kpi.aggregate == "count_failing" else "all"
    return rows(kpi, warehouse, as_of, only=only, size=2**31 - 1)


def _ordering(kpi: Kpi, order: str | None) -> str:
    if order is None:
        return kpi.ordering
    name = order.removeprefix("-")
    if name not in kpi.columns and name != "is_met":
        raise BadInput(
            f"{kpi.name} has no column {name}.",
            f"Columns: {', '.join(kpi.columns)}.",
            field="order",
        )
    way = "desc" if order.startswith("-") else "asc"
    return f"{name} {way} nulls last, {', '.join(kpi.key)}"
