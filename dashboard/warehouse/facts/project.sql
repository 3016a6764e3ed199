-- What does the inventory say about the project?
select p.project_id as row_id, p.*, owner.name as owner_name
from projects as p
left join people as owner on owner.person_id = p.owner_id and owner.valid_to = date '9999-12-31'
where p.project_id = $project and p.valid_to = date '9999-12-31'
