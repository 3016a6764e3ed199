-- Which models has the project, retired ones left out?
select model.* exclude (known_from, known_until)
from models as model
where
    model.project_id = $project
    and model.status <> 'retired'
    and model.known_until = date '9999-12-31'
order by model.model_id
