-- On which datasets were the project's models trained, who supplied them, and what does the contract rule out?
with model_in_use as (
    select model_id, name
    from models
    where
        project_id = $project
        and status <> 'retired'
        and known_until = date '9999-12-31'
),
training as (
    select training.dataset_id, list(model.name order by model.name) as model_names
    from model_training_dataset as training
    join model_in_use as model on model.model_id = training.model_id
    where training.known_until = date '9999-12-31'
    group by training.dataset_id
),
agreement as (
    select vendor_id, string_agg(usage_limits, '; ' order by contract_id) as usage_limits
    from contracts
    where known_until = date '9999-12-31'
    group by vendor_id
)
select
    dataset.* exclude (known_from, known_until),
    training.model_names,
    dataset.classification = 'special_category' as is_special,
    vendor.name as vendor_name,
    agreement.usage_limits
from training
join datasets as dataset
    on dataset.dataset_id = training.dataset_id and dataset.known_until = date '9999-12-31'
left join vendors as vendor
    on vendor.vendor_id = dataset.source_vendor_id and vendor.known_until = date '9999-12-31'
left join agreement on agreement.vendor_id = dataset.source_vendor_id
order by dataset.dataset_id
