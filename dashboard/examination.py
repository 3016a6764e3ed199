"""Everything that can be examined: the core's checks and the warehouse's."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.doctor import Finding, examine
from assessments.records import Records
from assessments.settings import Home
from dashboard.warehouse.health import check_warehouse


def every_finding(home: Home, records: Records) -> Iterator[Finding]:
    """One finding a check, made while this is read."""
    yield from examine(home, records)
    yield check_warehouse(home)
