/* How often was each grant used on each day, by whom, on what and for what? */
-- kept: day
-- needs: access_use
create table grant_day as
select grant_id, day, actor_id, dataset_id, purpose_id, count(*) as uses
from access_use
where grant_id is not null
group by grant_id, day, actor_id, dataset_id, purpose_id
order by day, grant_id, actor_id, dataset_id, purpose_id;
