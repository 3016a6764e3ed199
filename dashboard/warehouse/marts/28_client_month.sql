/* How often was each dataset used in each month with each kind of client? */
-- kept: month
-- needs: client_day
create table client_month as
select
    cast(date_trunc('month', day) as date) as month,
    dataset_id,
    client,
    cast(sum(events) as bigint) as events
from client_day
group by cast(date_trunc('month', day) as date), dataset_id, client
order by month, dataset_id, client;
