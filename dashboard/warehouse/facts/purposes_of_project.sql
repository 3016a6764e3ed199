-- For which purposes are the project's datasets declared?
select u.purpose_id as row_id, u.*
from purposes as u
join processing_activities as a on list_contains(a.purposes, u.purpose_id) and a.valid_to = date '9999-12-31'
join projects as p on p.activity_id = a.activity_id and p.valid_to = date '9999-12-31'
where p.project_id = $project and u.valid_to = date '9999-12-31'
order by u.purpose_id
