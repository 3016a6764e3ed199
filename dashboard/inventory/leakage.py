"""What was measured, and what should have been: every model and measured dataset with its class of data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from dashboard.inventory.query import NOW, Row, one, rows


@dataclass(frozen=True, slots=True)
class Standing:
    """A model or dataset with its worst current channel; ``score`` None: nothing was measured.

    epsilon: the privacy budget that the inventory declares for the model.
    """

    kind: str
    id: str
    name: str
    project_ids: tuple[str, ...]
    status: str
    data_class: str
    limit: float
    epsilon: float | None
    channel: str | None
    score: float | None
    extent: float | None
    n: int | None
    measured_on: date | None
    measurement_id: str | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "project_ids", tuple(self.project_ids or ()))

    @property
    def is_over(self) -> bool:
        """Whether more was shown than its class of data allows."""
        return self.score is not None and self.score > self.limit


_STANDINGS = f"""
with special as (
    select distinct t.model_id
    from model_training_dataset t
    join datasets d on d.dataset_id = t.dataset_id and d.{NOW}
    where d.classification = 'special_category' and t.{NOW}
),
subject as (
    select 'model' as kind, m.model_id as id, m.name || ' ' || m.version as name, [m.project_id] as project_ids,
           m.status, m.privacy_epsilon as epsilon,
           case when s.model_id is null then 'personal' else 'special' end as data_class
    from models m left join special s on s.model_id = m.model_id
    where m.{NOW} and m.status <> 'retired'
    union all by name
    select 'dataset' as kind, dataset_id as id, name, project_ids,
           'in_use' as status, null as epsilon,
           case classification when 'special_category' then 'special' when 'public' then 'public'
                else 'personal' end as data_class
    from datasets where {NOW} and retired_on is null
),
ranked as (
    select c.*, r.n, r.measurement_id,
           row_number() over (
               partition by c.subject_kind, c.subject_id
               order by c.score desc, c.extent desc nulls last, c.channel) as place
    from leakage_current c join measured_leakage r on r.result_id = c.result_id
    where c.{NOW}
)
select s.kind, s.id, s.name, s.project_ids, s.status, s.data_class, l.score_limit as limit_,
       s.epsilon, w.channel, w.score, w.extent, w.n, w.known_from as measured_on, w.measurement_id
from subject s
join leakage_limit l on l.data_class = s.data_class
left join ranked w on w.subject_kind = s.kind and w.subject_id = s.id and w.place = 1
where (s.kind = 'model' or w.score is not null) and ($project = '' or list_contains(s.project_ids, $project))
order by w.score desc nulls last, lower(s.name), s.id
"""


def standings(cursor: DuckDBPyConnection, project_id: str = "") -> list[Standing]:
    """Every model that is not retired, and every dataset that was measured, the worst first."""
    found = rows(cursor, _STANDINGS, project=project_id)
    return [Standing(**{name.rstrip("_"): value for name, value in row.items()}) for row in found]


def results_of(cursor: DuckDBPyConnection, kind: str, subject_id: str) -> list[Row]:
    """The current result of every channel of one subject."""
    return rows(
        cursor,
        f"""
        select c.channel, c.measure, c.value, c.low, c.high, c.score, c.extent, c.power_check,
               c.null_check, c.known_from as measured_on, r.measurement_id
        from leakage_current c join measured_leakage r on r.result_id = c.result_id
        where c.{NOW} and c.subject_kind = $kind and c.subject_id = $id
        order by c.score desc, c.channel
        """,
        kind=kind,
        id=subject_id,
    )


def projects_of(cursor: DuckDBPyConnection, kind: str, subject_id: str) -> list[str]:
    """The projects that answer for a model or dataset; none when the inventory does not know it."""
    query = {
        "model": f"select [project_id] as ids from models where {NOW} and model_id = $id",
        "dataset": f"select project_ids as ids from datasets where {NOW} and dataset_id = $id",
    }[kind]
    found = one(cursor, query, id=subject_id)
    return list(found["ids"] or []) if found else []


def standing_of(cursor: DuckDBPyConnection, kind: str, subject_id: str) -> Mapping[str, object]:
    """The name, class of data, limit and declared epsilon of one subject, current or not."""
    query = {
        "model": f"""
            select m.name || ' ' || m.version as name, m.privacy_epsilon as epsilon,
                   coalesce((select bool_or(d.classification = 'special_category')
                    from model_training_dataset t
                    join datasets d on d.dataset_id = t.dataset_id and d.{NOW}
                    where t.{NOW} and t.model_id = m.model_id), false) as is_special,
                   false as is_public
            from models m where m.{NOW} and m.model_id = $id""",
        "dataset": f"""
            select name, null as epsilon, classification = 'special_category' as is_special,
                   classification = 'public' as is_public
            from datasets where {NOW} and dataset_id = $id""",
    }[kind]
    found = one(cursor, query, id=subject_id)
    if found is None:
        return {"name": subject_id, "epsilon": None, "data_class": "personal"}
    data_class = (
        "special" if found["is_special"] else "public" if found["is_public"] else "personal"
    )
    return {"name": found["name"], "epsilon": found["epsilon"], "data_class": data_class}
