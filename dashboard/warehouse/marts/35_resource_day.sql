/* On which days was the content of which resource used, by whom? Successful events of audit logs. */
create table resource_day as
select source, resource, dataset_id, actor, cast(ts as date) as day, count(*) as events
from audit_events
where reaches_data and outcome = 'success'
group by source, resource, dataset_id, actor, cast(ts as date)
order by day, source, resource, actor;
