-- Which processing activity does the project belong to?
select activity.* exclude (known_from, known_until)
from processing_activities as activity
join projects as project
    on project.activity_id = activity.activity_id and project.known_until = date '9999-12-31'
where
    project.project_id = $project
    and activity.known_until = date '9999-12-31'
