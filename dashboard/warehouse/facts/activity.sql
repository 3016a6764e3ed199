-- Which processing activity does the project belong to?
select a.activity_id as row_id, a.*
from processing_activities as a
join projects as p on p.activity_id = a.activity_id and p.valid_to = date '9999-12-31'
where p.project_id = $project and a.valid_to = date '9999-12-31'
