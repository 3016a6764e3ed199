-- Which fields do the project's datasets hold, and as what are they declared?
select f.dataset_id || '.' || f.field as row_id, f.*
from dataset_fields as f
join datasets as d on d.dataset_id = f.dataset_id and d.valid_to = date '9999-12-31'
where list_contains(d.project_ids, $project)
  and d.retired_on is null
  and f.valid_to = date '9999-12-31'
order by f.dataset_id, f.field
