/* On which day (UTC) was which dataset used, by whom, for which purpose? Events that were allowed. */
create view access_use as
select
    event_id,
    cast(ts as date) as day,
    ts,
    actor_id,
    dataset_id,
    action,
    purpose_id,
    grant_id,
    rows_read,
    client
from access_events
where outcome = 'success';
