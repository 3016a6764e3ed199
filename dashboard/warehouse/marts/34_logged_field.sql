/* On which days did an audit log name which field of a dataset? */
create table logged_field as
with named as (
    select dataset_id, cast(ts as date) as day, unnest(fields) as field
    from audit_events
    where dataset_id is not null and outcome = 'success'
)

select dataset_id, day, lower(field) as field, count(*) as events
from named
group by dataset_id, day, lower(field)
order by dataset_id, day, field;
