/* How often was each grant used on each day? */
-- needs: access_use
create table grant_day as
select grant_id, day, count(*) as uses
from access_use
where grant_id is not null
group by grant_id, day
order by grant_id, day;
