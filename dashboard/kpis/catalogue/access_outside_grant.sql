/* ---
title: Accesses that the grant does not cover
question: How many accesses in the last 26 weeks named a grant of another person, dataset or purpose?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(b), 5(1)(f) and 29
population: Every successful access event of the 26 weeks that end on the day and that names a grant.
exclusions: Denied accesses; accesses without a grant.
row_title: access event
key: [event_id]
columns:
  event_id: Event
  day: Day
  actor_id: Who
  dataset_id: Dataset
  purpose_id: Stated purpose
  grant_id: Grant
  finding: Finding
sources: [access_events, grants]
optional_sources: [record_grant]
fresh: {kind: access_events, days: 7}
caveats:
  - Whether the grant was in force on the day is another KPI (expired_grant_use).
  - While the exports reach back less than 26 weeks, only what was exported counts, so the trend rises until they do.
what_would_change_it: Checking person, dataset and purpose against the grant when access is given.
since: 2026-11-20
--- */
with known_grant as (
    select grant_id, person_id, dataset_id, purpose_id
    from grant_window
    where known_from <= $as_of and known_until > $as_of
),

judged as (
    select
        used.event_id,
        used.day,
        used.actor_id,
        used.dataset_id,
        used.purpose_id,
        used.grant_id,
        case
            when known_grant.grant_id is null then 'unknown grant'
            when known_grant.person_id <> used.actor_id then 'another person'
            when known_grant.dataset_id <> used.dataset_id then 'another dataset'
            when known_grant.purpose_id <> used.purpose_id then 'another purpose'
            else 'covered'
        end as finding
    from access_use as used
    inner join reporting_day
        on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
    left join known_grant on used.grant_id = known_grant.grant_id
    where reporting_day.day = $as_of and used.grant_id is not null
)

select
    event_id,
    day,
    actor_id,
    dataset_id,
    purpose_id,
    grant_id,
    finding,
    finding = 'covered' as is_met
from judged
order by day, event_id
-- counted
with covered as (
    select coalesce(sum(used.events), 0) as events
    from grant_state_day as used
    inner join reporting_day
        on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
    where
        reporting_day.day = $as_of and used.finding = 'covered'
        and used.known_from <= $as_of and used.known_until > $as_of
),

named as (
    select coalesce(sum(event_day.with_grant), 0) as events
    from event_day
    inner join reporting_day
        on event_day.day > reporting_day.days_182_before and event_day.day <= reporting_day.day
    where reporting_day.day = $as_of
),

counted as (
    select covered.events, true as is_met
    from covered
    union all
    select named.events - covered.events as events, false as is_met
    from named
    cross join covered
)

select events, is_met
from counted
