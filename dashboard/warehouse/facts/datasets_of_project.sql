-- Which datasets in use does the project work on?
select d.dataset_id as row_id, d.*, s.name as system_name
from datasets as d
left join systems as s on s.system_id = d.system_id and s.valid_to = date '9999-12-31'
where list_contains(d.project_ids, $project)
  and d.retired_on is null
  and d.valid_to = date '9999-12-31'
order by d.dataset_id
