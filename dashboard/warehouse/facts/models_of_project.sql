-- Which models has the project, retired ones left out?
select m.model_id as row_id, m.*
from models as m
where m.project_id = $project
  and m.status <> 'retired'
  and m.valid_to = date '9999-12-31'
order by m.model_id
