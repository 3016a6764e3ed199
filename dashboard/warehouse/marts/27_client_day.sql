/* How often was each dataset used on each day with each kind of client? */
-- kept: day
-- needs: access_use
create table client_day as
select day, dataset_id, client, count(*) as events
from access_use
group by day, dataset_id, client
order by day, dataset_id, client;
