-- Which datasets in use does the project work on?
select dataset.* exclude (known_from, known_until)
from datasets as dataset
where
    list_contains(dataset.project_ids, $project)
    and dataset.retired_on is null
    and dataset.known_until = date '9999-12-31'
order by dataset.dataset_id
