-- To whom does the project's processing activity give data?
select recipient, a.batch_id, a.line_no
from processing_activities as a
join projects as p on p.activity_id = a.activity_id and p.known_until = date '9999-12-31'
cross join unnest(a.recipients) as r(recipient)
where p.project_id = $project and a.known_until = date '9999-12-31'
order by recipient
