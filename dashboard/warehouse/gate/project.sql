-- Is the project in the inventory?
select project_id
from projects
where
    project_id = $project
    and known_until = date '9999-12-31'
