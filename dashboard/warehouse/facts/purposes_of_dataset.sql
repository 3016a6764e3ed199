-- For which purposes may the dataset be used, as the inventory declares it?
select purpose.* exclude (known_from, known_until)
from purposes as purpose
join datasets as dataset
    on list_contains(dataset.purposes, purpose.purpose_id)
    and dataset.known_until = date '9999-12-31'
where
    dataset.dataset_id = $dataset
    and purpose.known_until = date '9999-12-31'
order by purpose.purpose_id
