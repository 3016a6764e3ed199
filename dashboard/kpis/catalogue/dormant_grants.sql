/* ---
title: Grants that nobody uses
question: How many grants in force were not used in the last 90 days?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 10
law: GDPR Art. 25(2) and 32(1)(b) (least privilege)
population: Every grant in force on the day that began more than 90 days before.
exclusions: Grants that began within the last 90 days and were not yet used.
row_title: grant
key: [grant_id]
columns:
  grant_id: Grant
  person_id: Person
  dataset_id: Dataset
  first_day: Begins
  last_day: Ends
  last_used_on: Last used
sources: [grants, access_events]
optional_sources: [record_grant]
fresh: {kind: access_events, days: 7}
caveats:
  - Only events that name the grant count as its use.
what_would_change_it: Revoking the grant.
since: 2026-11-20
--- */
with used as (
    select grant_id, last_day as used_on
    from grant_month
    where last_day <= $as_of
    union all
    select grant_day.grant_id, grant_day.day as used_on
    from grant_day
    inner join reporting_day
        on grant_day.day > reporting_day.last_month_end and grant_day.day <= reporting_day.day
    where reporting_day.day = $as_of
),

last_use as (
    select grant_id, max(used_on) as last_used_on
    from used
    group by grant_id
)

select
    permission.grant_id,
    permission.person_id,
    permission.dataset_id,
    permission.first_day,
    permission.last_day,
    last_use.last_used_on,
    coalesce(last_use.last_used_on > reporting_day.days_90_before, false) as is_met
from grant_window as permission
inner join reporting_day
    on permission.first_day <= reporting_day.day and permission.last_day >= reporting_day.day
left join last_use on permission.grant_id = last_use.grant_id
where
    reporting_day.day = $as_of
    and permission.known_from <= $as_of and permission.known_until > $as_of
    and (permission.first_day <= reporting_day.days_90_before or last_use.last_used_on is not null)
order by grant_id
