-- Which fields does the dataset hold, and as what are they declared?
select field.* exclude (known_from, known_until)
from dataset_fields as field
where
    field.dataset_id = $dataset
    and field.known_until = date '9999-12-31'
order by field.field
