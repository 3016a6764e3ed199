/* How often was each dataset used on each day for each purpose? */
-- kept: day
-- needs: access_use
create table purpose_day as
select day, dataset_id, purpose_id, count(*) as events
from access_use
group by day, dataset_id, purpose_id
order by day, dataset_id, purpose_id;
