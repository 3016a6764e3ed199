-- What does the inventory say about the project?
select project.* exclude (known_from, known_until), owner.name as owner_name
from projects as project
left join people as owner
    on owner.person_id = project.owner_id and owner.known_until = date '9999-12-31'
where
    project.project_id = $project
    and project.known_until = date '9999-12-31'
