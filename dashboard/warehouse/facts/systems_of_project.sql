-- Which systems hold the data of the project?
with used as (
    select dataset_id
    from datasets
    where
        list_contains(project_ids, $project)
        and known_until = date '9999-12-31'
    union
    select unnest(training_dataset_ids) as dataset_id
    from models
    where
        project_id = $project
        and known_until = date '9999-12-31'
)

, holding as (
    select dataset.system_id, list(dataset.name order by dataset.name) as dataset_names
    from datasets as dataset
    join used using (dataset_id)
    where dataset.known_until = date '9999-12-31'
    group by dataset.system_id
)
select
    system.* exclude (known_from, known_until),
    holding.dataset_names,
    vendor.name as vendor_name
from systems as system
join holding using (system_id)
left join vendors as vendor
    on vendor.vendor_id = system.vendor_id
    and vendor.known_until = date '9999-12-31'
where system.known_until = date '9999-12-31'
order by system.system_id
