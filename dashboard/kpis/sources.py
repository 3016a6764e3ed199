"""Which files fed a KPI, whether they can be relied on, and what a reader should know about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb

from dashboard.exports.catalogue import contracts
from dashboard.kpis.kpi import Kpi
from dashboard.kpis.value import Source

RECORDS = "record_"
DAYS_OF = {"access_events": ("event_day", "day")}
"""Where the days of a large kind are read from: its daily sums, not its rows."""

TOLERATED_QUARANTINE = 0.05
"""Share of a source's rows that may be quarantined before a KPI stops trusting the source."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The files of each kind, and the kinds whose data check failed with the reason."""

    files: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    def of(self, kpi: Kpi) -> tuple[Source, ...]:
        """The files that fed a KPI."""
        return tuple(file for kind in kpi.every_source for file in self._files(kind))

    def has_failed(self, kpi: Kpi) -> bool:
        return any(kind in self.failed for kind in kpi.every_source)

    def notes(self, kpi: Kpi) -> tuple[str, ...]:
        """One sentence per failed check and per file with quarantined rows."""
        failed = [
            f"The data check of {kind} failed: {self.failed[kind]}"
            for kind in kpi.every_source
            if kind in self.failed
        ]
        missing = [
            f"{file.quarantined} rows of {file.path} are in quarantine and not counted."
            for file in self.of(kpi)
            if file.quarantined
        ]
        return (*failed, *missing)

    def _files(self, kind: str) -> tuple[Source, ...]:
        if kind.startswith(RECORDS):
            return (Source(kind, "records", None),)
        return self.files.get(kind, ())


def read_sources(warehouse: duckdb.DuckDBPyConnection) -> SourceFacts:
    """Every load that still counts: all files of append kinds, the newest of snapshot kinds."""
    loads = warehouse.execute(
        "select kind, path, sha256, rows, quarantined from loads order by kind, loaded_at, batch_id"
    ).fetchall()
    files: dict[str, tuple[Source, ...]] = {}
    failed: dict[str, str] = {}
    for kind, path, sha256, count, quarantined in loads:
        source = Source(kind, path, sha256, quarantined)
        is_list = kind in contracts() and contracts()[kind].mode == "snapshot"
        files[kind] = (source,) if is_list else (*files.get(kind, ()), source)
        failed.pop(kind, None)
        if quarantined > TOLERATED_QUARANTINE * count:
            failed[kind] = f"{quarantined} of {count} rows of {path} are in quarantine."
    return SourceFacts(files, {**failed, **_failed_checks(warehouse)})


def _failed_checks(warehouse: duckdb.DuckDBPyConnection) -> dict[str, str]:
    try:
        found = warehouse.execute("select kind, detail from source_check where not is_passed")
    except duckdb.CatalogException:
        return {}
    return dict(found.fetchall())


def filled_kinds(warehouse: duckdb.DuckDBPyConnection, kinds: tuple[str, ...]) -> frozenset[str]:
    """The kinds that hold at least one row."""
    if not kinds:
        return frozenset()
    parts = (f"select '{kind}' where exists (select 1 from {kind})" for kind in kinds)
    return frozenset(kind for (kind,) in warehouse.execute(" union all ".join(parts)).fetchall())


def newest_day(warehouse: duckdb.DuckDBPyConnection, kind: str, as_of: date) -> date | None:
    """The day of the newest fact of a kind that was known on a day."""
    day = f"cast({contracts()[kind].dated} as date)"
    table, day = DAYS_OF.get(kind, (kind, day))
    found: date | None = warehouse.execute(
        f"select max({day}) from {table} where {day} <= $as_of",
        {"as_of": as_of},
    ).fetchall()[0][0]
    return found


def newest_landed_day(warehouse: duckdb.DuckDBPyConnection) -> date | None:
    """The newest day found in any dated fact."""
    days = [
        newest_day(warehouse, kind, date(9999, 12, 31))
        for kind, contract in contracts().items()
        if contract.dated
    ]
    return max((day for day in days if day), default=None)
