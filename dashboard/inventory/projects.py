"""What is known about one project: datasets, models, measured leakage, assessments."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from dashboard.inventory.query import NOW, Row, rows


def datasets_of(cursor: DuckDBPyConnection, project_id: str) -> list[Row]:
    """Datasets that say they serve the project."""
    return rows(
        cursor,
        f"""
        select dataset_id, name, classification, origin, masking, retention_period
        from datasets
        where {NOW} and list_contains(project_ids, $id)
        order by lower(name)
        """,
        id=project_id,
    )


def models_of(cursor: DuckDBPyConnection, project_id: str) -> list[Row]:
    """Models with their training data and explanation method."""
    return rows(
        cursor,
        f"""
        select model_id, name, version, kind, status, trained_on, released_on,
               training_dataset_ids, explanation_method, privacy_epsilon
        from models
        where {NOW} and project_id = $id
        order by trained_on desc
        """,
        id=project_id,
    )


def leakage_of(cursor: DuckDBPyConnection, project_id: str) -> list[Row]:
    """The newest result of every measure on the project's models and datasets."""
    return rows(
        cursor,
        f"""
        with subject as (
            select 'model' as kind, model_id as id, name from models where {NOW} and project_id = $id
            union all
            select 'dataset', dataset_id, name from datasets
            where {NOW} and list_contains(project_ids, $id)
        )
        select s.kind, s.id, s.name, r.channel, r.measure, r.value, r.low, r.high, r.severity,
               r.power_check, r.null_check, r.measured_on, r.status, r.data_sha256, r.measurement_id
        from measured_leakage r
        join subject s on s.kind = r.subject_kind and s.id = r.subject_id
        qualify row_number() over (
            partition by s.kind, s.id, r.channel, r.measure order by r.measured_on desc
        ) = 1
        order by r.severity desc, s.name
        """,
        id=project_id,
    )


def register_of(cursor: DuckDBPyConnection, project_id: str) -> list[Row]:
    """Assessments that the register knows, in their newest state."""
    return rows(
        cursor,
        """
        select assessment_id, template, state, approved_on, review_due_on, open_conditions,
               high_residual_risks, recorded_on
        from assessment_register
        where project_id = $id
        qualify row_number() over (partition by assessment_id order by recorded_on desc) = 1
        order by recorded_on desc
        """,
        id=project_id,
    )


def lineage_of_models(cursor: DuckDBPyConnection, project_id: str) -> list[Row]:
    """Edges into and out of the project's models."""
    return rows(
        cursor,
        f"""
        with own as (select model_id from models where {NOW} and project_id = $id)
        select source_kind, source_id, target_kind, target_id, job, recorded_on
        from lineage
        where {NOW}
          and ((source_kind = 'model' and source_id in (from own))
            or (target_kind = 'model' and target_id in (from own)))
        order by recorded_on desc
        """,
        id=project_id,
    )
