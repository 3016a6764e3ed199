-- Who may use the project's datasets now, for which purpose and until when?
with known_grant as (
    select * from grants where grant_id not in (select grant_id from record_grant)
    union all by name
    select *, 'records' as batch_id from record_grant
)
select g.*, d.name as dataset_name, p.name as person_name, p.team as person_team
from known_grant as g
join datasets as d on d.dataset_id = g.dataset_id and d.known_until = date '9999-12-31'
left join people as p on p.person_id = g.person_id and p.known_until = date '9999-12-31'
where list_contains(d.project_ids, $project)
  and d.retired_on is null
  and g.known_until = date '9999-12-31'
  and $as_of between g.valid_from and g.valid_to
  and (g.revoked_on is null or g.revoked_on > $as_of)
order by g.grant_id
