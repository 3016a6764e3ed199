"""A warehouse that another version of the product built is built again before anybody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assessments.records import Records
from assessments.settings import Home
from dashboard.warehouse.build import is_by_this_version, rebuild
from dashboard.warehouse.connect import Warehouse


def renew(home: Home, records: Records) -> None:
    """Build when marts or KPIs are not those of this version; nothing is done before the first load."""
    if not is_by_this_version(home):
        rebuild(home, records)


@contextmanager
def opened(home: Home, records: Records) -> Iterator[Warehouse]:
    """The warehouse of this version, for one use; NotFound when nothing has been loaded yet."""
    renew(home, records)
    warehouse = Warehouse.open(home)
    try:
        yield warehouse
    finally:
        warehouse.close()
