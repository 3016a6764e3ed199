-- For which purposes is the project's processing activity registered?
select purpose.* exclude (known_from, known_until)
from purposes as purpose
join processing_activities as activity
    on list_contains(activity.purposes, purpose.purpose_id)
    and activity.known_until = date '9999-12-31'
join projects as project
    on project.activity_id = activity.activity_id and project.known_until = date '9999-12-31'
where
    project.project_id = $project
    and purpose.known_until = date '9999-12-31'
order by purpose.purpose_id
