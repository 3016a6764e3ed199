-- Which systems hold the data that the project uses?
with holding as (
    select system_id, list(name order by name) as dataset_names
    from datasets
    where list_contains(project_ids, $project)
      and retired_on is null
      and known_until = date '9999-12-31'
    group by system_id
)
select s.*, h.dataset_names, v.name as vendor_name
from systems as s
join holding as h on h.system_id = s.system_id
left join vendors as v on v.vendor_id = s.vendor_id and v.known_until = date '9999-12-31'
where s.known_until = date '9999-12-31'
order by s.system_id
