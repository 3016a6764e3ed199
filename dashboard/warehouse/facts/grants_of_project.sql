-- Who may use the project's datasets, for which purpose and until when?
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

select
    "grant".* exclude (known_from, known_until),
    person.name as person_name,
    person.team as person_team,
    dataset.name as dataset_name
from grants as "grant"
join used using (dataset_id)
join datasets as dataset
    on dataset.dataset_id = "grant".dataset_id
    and dataset.known_until = date '9999-12-31'
left join people as person
    on person.person_id = "grant".person_id
    and person.known_until = date '9999-12-31'
where
    "grant".known_until = date '9999-12-31'
    and "grant".revoked_on is null
order by "grant".grant_id
