/* On which day of each month was each grant used last? */
-- kept: month
-- needs: grant_day
create table grant_month as
select
    grant_id,
    cast(date_trunc('month', day) as date) as month,
    max(day) as last_day
from grant_day
group by grant_id, cast(date_trunc('month', day) as date)
order by month, grant_id;
