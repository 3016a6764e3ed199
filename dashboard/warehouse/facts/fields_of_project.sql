-- Which fields do the project's datasets hold, and as what are they declared?
select field.* exclude (known_from, known_until)
from dataset_fields as field
join datasets as dataset
    on dataset.dataset_id = field.dataset_id and dataset.known_until = date '9999-12-31'
where
    list_contains(dataset.project_ids, $project)
    and dataset.retired_on is null
    and field.known_until = date '9999-12-31'
order by field.dataset_id, field.field
