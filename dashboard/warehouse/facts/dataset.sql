-- What does the inventory say about one dataset?
select *
from datasets
where dataset_id = $dataset and known_until = date '9999-12-31'
