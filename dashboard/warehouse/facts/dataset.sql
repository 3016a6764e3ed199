-- What the inventory says about one dataset.
select dataset.* exclude (known_from, known_until)
from datasets as dataset
where
    dataset.dataset_id = $dataset
    and dataset.known_until = date '9999-12-31'
