-- What was measured last on each model or dataset of the project, by channel?
with dataset_in_use as (
    select dataset_id, classification
    from datasets
    where
        list_contains(project_ids, $project)
        and retired_on is null
        and known_until = date '9999-12-31'
),
subject as (
    select 'model' as kind, model_id as id
    from models
    where
        project_id = $project
        and status <> 'retired'
        and known_until = date '9999-12-31'
    union all
    select 'dataset' as kind, dataset_id as id from dataset_in_use
),
data_class as (
    select
        case when bool_or(classification = 'special_category') then 'special' else 'personal' end
            as data_class
    from dataset_in_use
),
ranked as (
    select
        result.*,
        row_number() over (
            partition by result.subject_kind, result.subject_id, result.channel
            order by result.measured_on desc, result.severity desc, result.result_id
        ) as recency
    from leakage_results as result
    join subject on subject.kind = result.subject_kind and subject.id = result.subject_id
    where result.status = 'valid'
)
select ranked.* exclude (recency), data_class.data_class
from ranked
cross join data_class
where ranked.recency = 1
order by ranked.subject_id, ranked.channel
