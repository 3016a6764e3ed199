/* How often was each dataset used in each month for each purpose? */
-- kept: month
-- needs: purpose_day
create table purpose_month as
select
    cast(date_trunc('month', day) as date) as month,
    dataset_id,
    purpose_id,
    cast(sum(events) as bigint) as events
from purpose_day
group by cast(date_trunc('month', day) as date), dataset_id, purpose_id
order by month, dataset_id, purpose_id;
