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
)
select
    result.* exclude (measurement_id),
    data_class.data_class,
    -- The epsilon that a membership attack proves: its severity is tanh(epsilon / 2), see assessments/leakage/score.py.
    case
        when result.channel = 'membership' and result.severity < 1
            then round(ln((1 + result.severity) / (1 - result.severity)), 4)
    end as epsilon_low
from leakage_current as latest
join measured_leakage as result on result.result_id = latest.result_id
join subject on subject.kind = latest.subject_kind and subject.id = latest.subject_id
cross join data_class
where latest.known_until = date '9999-12-31'
order by result.subject_id, result.channel
