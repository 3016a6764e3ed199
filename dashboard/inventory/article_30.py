"""What the warehouse knows for the records of GDPR Art. 30, one query each."""

from __future__ import annotations

from datetime import date

from duckdb import DuckDBPyConnection

from assessments.exchange.article_30 import (
    Parties,
    Register,
    columns_of,
    controller_register,
    processor_register,
)
from dashboard.inventory.query import NOW, Row, one, rows

_ACTIVITIES = f"""
    with purpose as (select purpose_id, name from purposes where {NOW}),
    vendor as (select name, role, country from vendors where {NOW}),
    dataset as (select activity_id, system_id, masking, retired_on from datasets where {NOW}),
    system as (select system_id, name, encrypted_at_rest from systems where {NOW})
    select a.*,
           (select list(p.name order by p.name) from purpose p
            where list_contains(a.purposes, p.purpose_id)) as purpose_names,
           (select list(v order by v.name) from vendor v
            where list_contains(a.recipients, v.name)) as vendors,
           (select list(v.name order by v.name) from vendor v
            where list_contains(a.recipients, v.name) and v.role = 'joint_controller')
               as joint_controllers,
           (select list(s order by s.name) from system s
            where s.system_id in (select d.system_id from dataset d
                                  where d.activity_id = a.activity_id and d.retired_on is null))
               as systems,
           (select list(distinct d.masking order by d.masking) from dataset d
            where d.activity_id = a.activity_id and d.retired_on is null) as maskings
    from processing_activities a
    where {NOW}
    order by lower(a.name), a.activity_id
"""
_MANDATES = f"""
    with system as (select system_id, name, encrypted_at_rest from systems where {NOW})
    select m.*,
           (select list(s order by s.name) from system s
            where list_contains(m.systems, s.system_id)) as used_systems
    from mandates m
    where {NOW}
    order by lower(m.controller_name), m.mandate_id
"""


def register(
    cursor: DuckDBPyConnection, article: str, parties: Parties, as_of: date | None = None
) -> Register:
    """The record of Art. 30(1) or 30(2) as the inventory stands."""
    columns_of(article)
    if article == "30-1":
        return controller_register(parties, rows(cursor, _ACTIVITIES), as_of)
    return processor_register(parties, _mandates(cursor), as_of)


def _mandates(cursor: DuckDBPyConnection) -> list[Row]:
    """Mandates with their systems; a warehouse that was built before the kind existed has none."""
    sql = "select 1 from duckdb_tables() where table_name = 'mandates'"
    if one(cursor, sql) is None:
        return []
    return [row | {"systems": row["used_systems"]} for row in rows(cursor, _MANDATES)]
