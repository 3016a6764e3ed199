"""What is known about one dataset: fields, age against its period, deletions, access, origin."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from dashboard.inventory.query import NOW, Row, one, rows


def fields_of(cursor: DuckDBPyConnection, dataset_id: str) -> list[Row]:
    """Declared and detected category of every field; a difference is a finding."""
    return rows(
        cursor,
        f"""
        select field, type, description, declared_category, detected_category, detected_share,
               last_read_on
        from dataset_fields
        where dataset_id = $id and {NOW}
        order by field
        """,
        id=dataset_id,
    )


def controls_of(cursor: DuckDBPyConnection, dataset_id: str) -> list[Row]:
    """The controls that its class needs, what is there, and since when one of them is missing."""
    return rows(
        cursor,
        f"""
        select c.control, n.longest, c.present, c.is_met, greatest(c.since, d.created_on) as since
        from dataset_control c
        join class_control n on n.classification = c.classification and n.control = c.control
        join datasets d on d.dataset_id = c.dataset_id and d.{NOW}
        where c.dataset_id = $id and c.{NOW}
        order by c.is_met, c.control
        """,
        id=dataset_id,
    )


def newest_observation(cursor: DuckDBPyConnection, dataset_id: str) -> Row | None:
    """The newest observation: how old the oldest record is, how much there is, and until when it may stay."""
    return one(
        cursor,
        """
        select o.observed_on, o.oldest_record_on, o.row_count, o.size_bytes, a.keep_until,
               a.keep_until < o.observed_on as is_past
        from dataset_observations o
        left join dataset_age a on a.dataset_id = o.dataset_id and a.observed_on = o.observed_on
        where o.dataset_id = $id
        order by o.observed_on desc, a.known_from desc
        limit 1
        """,
        id=dataset_id,
    )


def deletion_runs_of(cursor: DuckDBPyConnection, dataset_id: str, limit: int = 12) -> list[Row]:
    """The newest planned deletions with their proof."""
    return rows(
        cursor,
        """
        select run_id, due_on, executed_on, rows_deleted, status, proof_sha256
        from deletion_runs
        where dataset_id = $id
        order by due_on desc
        limit $limit
        """,
        id=dataset_id,
        limit=limit,
    )


def holds_of(cursor: DuckDBPyConnection, dataset_id: str) -> list[Row]:
    """Legal holds: while one runs, data may stay beyond its period."""
    sql = f"select * from legal_holds where dataset_id = $id and {NOW} order by starts_on"
    return rows(cursor, sql, id=dataset_id)


def grants_of(cursor: DuckDBPyConnection, dataset_id: str) -> list[Row]:
    """Who may read it, for what, until when."""
    return rows(
        cursor,
        f"""
        select g.grant_id, p.name as person, u.name as purpose, g.valid_from, g.valid_to as ends_on,
               g.revoked_on, g.reason
        from (
            select * from grants where grant_id not in (select grant_id from record_grant)
            union all by name
            select * from record_grant
        ) g
        left join people p on p.person_id = g.person_id and p.{NOW}
        left join purposes u on u.purpose_id = g.purpose_id and u.{NOW}
        where g.dataset_id = $id and g.{NOW}
        order by g.valid_to desc
        limit 50
        """,
        id=dataset_id,
    )


def access_of(cursor: DuckDBPyConnection, dataset_id: str) -> list[Row]:
    """Access by purpose: how often, by how many, how much, and how often it was denied."""
    return rows(
        cursor,
        f"""
        select e.purpose_id, any_value(u.name) as purpose, count(*) as events,
               count(distinct e.actor_id) as actors, sum(e.rows_read) as rows_read,
               count(*) filter (where e.outcome = 'denied') as denied, max(e.ts) as last_at
        from access_events e
        left join purposes u on u.purpose_id = e.purpose_id and u.{NOW}
        where e.dataset_id = $id
        group by e.purpose_id
        order by events desc
        """,
        id=dataset_id,
    )


def lineage_of(cursor: DuckDBPyConnection, kind: str, entry_id: str) -> list[Row]:
    """Edges that end or start at a dataset or a model."""
    return rows(
        cursor,
        f"""
        select source_kind, source_id, target_kind, target_id, job, recorded_on
        from lineage
        where {NOW}
          and ((source_kind = $kind and source_id = $id) or (target_kind = $kind and target_id = $id))
        order by recorded_on desc
        """,
        kind=kind,
        id=entry_id,
    )
