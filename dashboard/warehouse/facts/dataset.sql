-- What does the inventory say about one dataset?
select dataset_id as row_id, *
from datasets
where dataset_id = $dataset and known_until = date '9999-12-31'
