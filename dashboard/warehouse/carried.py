"""Sums that rest on a day's events and on lists: taken over from the generation before, or made anew.

While the lists are the same, only the touched days are counted again; a change of a list counts all of
them again, from daily sums and not from events.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from dashboard.warehouse.event_months import TOUCHED
from dashboard.warehouse.marts_order import Mart

BEFORE = "before"


def build_carried(
    connection: duckdb.DuckDBPyConnection, mart: Mart, marts: Sequence[Mart], *, has_before: bool
) -> None:
    """Make the mart in the generation that is being built (``gen``, in use)."""
    if not has_before or not all(_is_unchanged(connection, name) for name in mart.carried):
        connection.execute(mart.sql)
        return
    connection.execute(
        f"create table {mart.name} as from {BEFORE}.{mart.name} where day not in ({TOUCHED})"
    )
    daily = [each.name for each in marts if each.kept == "day" and each.name in mart.needs]
    for name in daily:
        connection.execute(f"create temp view {name} as from gen.{name} where day in ({TOUCHED})")
    connection.execute(f"insert into {mart.name} {mart.select}")
    for name in daily:
        connection.execute(f"drop view temp.{name}")


def _is_unchanged(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    found = connection.execute(
        f"select not exists (from {name} except all from {BEFORE}.{name}) "
        f"and not exists (from {BEFORE}.{name} except all from {name})"
    )
    return bool(found.fetchall()[0][0])
