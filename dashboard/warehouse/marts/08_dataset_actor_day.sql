/* Who used which dataset on which day, how often, and how many rows were read? */
-- needs: access_use
create table dataset_actor_day as
select dataset_id, actor_id, day, count(*) as uses, sum(rows_read) as rows_read
from access_use
group by dataset_id, actor_id, day
order by day, dataset_id, actor_id;
