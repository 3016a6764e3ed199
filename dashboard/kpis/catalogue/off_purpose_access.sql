/* ---
title: Accesses for an undeclared purpose
question: How many accesses in the last 26 weeks stated a purpose that the dataset does not declare?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 20
law: GDPR Art. 5(1)(b) (purpose limitation) and 6(4) (compatible purposes)
population: Every successful access event of the 26 weeks that end on the day.
exclusions: Denied accesses.
row_title: access event
key: [event_id]
columns:
  event_id: Event
  day: Day
  actor_id: Who
  dataset_id: Dataset
  purpose_id: Stated purpose
  action: Action
  rows_read: Rows read
  client: Client
sources: [access_events, datasets]
optional_sources: [purposes]
fresh: {kind: access_events, days: 7}
caveats:
  - A purpose that a declared purpose is compatible with counts as declared.
  - The purpose is the one that the actor stated; whether it was true is not known here.
  - Judged by what the inventory declares on the day asked about, not on the day of the access.
  - While the exports reach back less than 26 weeks, only what was exported counts, so the trend rises until they do.
what_would_change_it: Ending the use, or declaring the purpose after its compatibility was assessed.
since: 2026-11-20
board: 5
--- */
with allowed as (
    select distinct dataset_id, purpose_id
    from dataset_purpose
    where known_from <= $as_of and known_until > $as_of
)

select
    used.event_id,
    used.day,
    used.actor_id,
    used.dataset_id,
    used.purpose_id,
    used.action,
    used.rows_read,
    used.client,
    allowed.purpose_id is not null as is_met
from access_use as used
inner join reporting_day on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
left join allowed on used.dataset_id = allowed.dataset_id and used.purpose_id = allowed.purpose_id
where reporting_day.day = $as_of
order by day, event_id
-- counted
with allowed as (
    select distinct dataset_id, purpose_id
    from dataset_purpose
    where known_from <= $as_of and known_until > $as_of
),

used as (
    select purpose_month.dataset_id, purpose_month.purpose_id, purpose_month.events
    from purpose_month
    inner join reporting_day
        on purpose_month.month >= reporting_day.whole_months_from
        and purpose_month.month < reporting_day.whole_months_until
    where reporting_day.day = $as_of
    union all
    select purpose_day.dataset_id, purpose_day.purpose_id, purpose_day.events
    from purpose_day
    inner join reporting_day
        on purpose_day.day > reporting_day.days_182_before
        and purpose_day.day <= reporting_day.day
        and (
            purpose_day.day < reporting_day.whole_months_from
            or purpose_day.day >= reporting_day.whole_months_until
        )
    where reporting_day.day = $as_of
)

select used.events, allowed.purpose_id is not null as is_met
from used
left join allowed on used.dataset_id = allowed.dataset_id and used.purpose_id = allowed.purpose_id
