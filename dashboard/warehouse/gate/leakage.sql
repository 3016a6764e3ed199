-- What is the worst measured leakage of each released model of the project?
with model as (
    select model_id
    from models
    where
        project_id = $project
        and status = 'released'
        and known_until = date '9999-12-31'
),
worst as (
    select
        subject_id,
        max(severity) as severity,
        max(known_from) as measured_on,
        bool_or(measure = 'epsilon_above_accounted') as refuted,
        array_agg(result_id) as result_ids
    from leakage_current
    where
        subject_kind = 'model'
        and known_until = date '9999-12-31'
    group by subject_id
),
data_class as (
    select
        case when bool_or(classification = 'special_category') then 'special' else 'personal' end
            as data_class
    from datasets
    where
        list_contains(project_ids, $project)
        and retired_on is null
        and known_until = date '9999-12-31'
)
select
    model.model_id,
    round(100 * worst.severity, 1) as score,
    coalesce(data_class.data_class, 'personal') as data_class,
    worst.measured_on,
    coalesce(worst.refuted, false) as refuted,
    worst.result_ids
from model
left join worst on worst.subject_id = model.model_id
cross join data_class
order by model.model_id
