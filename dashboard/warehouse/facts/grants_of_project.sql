-- Who may use the project's datasets now, for which purpose and until when?
select g.*, d.name as dataset_name, p.name as person_name, p.team as person_team
from grants as g
join datasets as d on d.dataset_id = g.dataset_id and d.known_until = date '9999-12-31'
left join people as p on p.person_id = g.person_id and p.known_until = date '9999-12-31'
where list_contains(d.project_ids, $project)
  and d.retired_on is null
  and g.known_until = date '9999-12-31'
  and $as_of between g.valid_from and g.valid_to
  and (g.revoked_on is null or g.revoked_on > $as_of)
order by g.grant_id
