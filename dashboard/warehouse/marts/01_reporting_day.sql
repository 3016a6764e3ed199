/* Which days lie a fixed time before each day? Windows of KPIs are read from here, never computed there.
   A window is open at its start and closed at its end: (days_28_before, day]. The months that lie whole in the
   window of 182 days begin in [whole_months_from, whole_months_until). */
create table reporting_day as
with near as (
    select
        day,
        cast(day - to_days(182) as date) as days_182_before,
        cast(day + to_days(1) as date) as next_day
    from calendar
)
select
    day,
    cast(date_trunc('month', day) - to_days(1) as date) as last_month_end,
    cast(day - to_days(28) as date) as days_28_before,
    cast(day - to_days(90) as date) as days_90_before,
    cast(day - to_days(180) as date) as days_180_before,
    days_182_before,
    cast(date_trunc('month', days_182_before) + to_months(1) as date) as whole_months_from,
    cast(date_trunc('month', next_day) as date) as whole_months_until,
    cast(day - to_months(12) as date) as year_before,
    cast(day - to_months(24) as date) as years_2_before
from near
order by day;
