/* How many events does each day hold: of all outcomes, allowed ones, and allowed ones that name a grant? */
-- kept: day
create table event_day as
select
    cast(ts as date) as day,
    count(*) as events,
    count(*) filter (where outcome = 'success') as used,
    count(*) filter (where outcome = 'success' and grant_id is not null) as with_grant
from access_events
group by cast(ts as date)
order by day;
