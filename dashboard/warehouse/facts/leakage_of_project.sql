-- What was measured last on each model or dataset of the project, by channel?
with subject as (
    select 'model' as kind, model_id as id from models
    where project_id = $project and status <> 'retired' and valid_to = date '9999-12-31'
    union all
    select 'dataset', dataset_id from datasets
    where list_contains(project_ids, $project) and retired_on is null and valid_to = date '9999-12-31'
),
ranked as (
    select
        r.*,
        row_number() over (
            partition by r.subject_kind, r.subject_id, r.channel
            order by r.measured_on desc, r.severity desc, r.result_id
        ) as recency
    from leakage_results as r
    join subject as s on s.kind = r.subject_kind and s.id = r.subject_id
    where r.status = 'valid' and r.measured_on <= $as_of
),
class as (
    select case when bool_or(classification = 'special_category') then 'special' else 'personal' end as data_class
    from datasets
    where list_contains(project_ids, $project) and retired_on is null and valid_to = date '9999-12-31'
)
select r.result_id as row_id, r.* exclude (recency), round(100 * r.severity, 1) as score, class.data_class
from ranked as r
cross join class
where r.recency = 1
order by r.subject_id, r.channel
