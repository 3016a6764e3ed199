/* ---
title: Accesses to retired datasets
question: How many accesses in the last 26 weeks used a dataset after it had been retired?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 5(1)(e) and 17(1)(a)
population: Every successful access event of the 26 weeks that end on the day.
exclusions: Denied accesses; datasets that the inventory does not know.
row_title: access event
key: [event_id]
columns:
  event_id: Event
  day: Day
  actor_id: Who
  dataset_id: Dataset
  retired_on: Retired
  rows_read: Rows read
sources: [access_events, datasets]
fresh: {kind: access_events, days: 7}
caveats:
  - While the exports reach back less than 26 weeks, only what was exported counts, so the trend rises until they do.
what_would_change_it: Deleting the retired dataset, or closing access to it.
since: 2026-11-20
--- */
with current_dataset as (
    select dataset_id, retired_on
    from datasets
    where known_from <= $as_of and known_until > $as_of
)

select
    used.event_id,
    used.day,
    used.actor_id,
    used.dataset_id,
    current_dataset.retired_on,
    used.rows_read,
    current_dataset.retired_on is null or used.day <= current_dataset.retired_on as is_met
from access_use as used
inner join reporting_day on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
inner join current_dataset on used.dataset_id = current_dataset.dataset_id
where reporting_day.day = $as_of
order by day, event_id
-- counted
with current_dataset as (
    select dataset_id, retired_on
    from datasets
    where known_from <= $as_of and known_until > $as_of
)

select
    used.events,
    current_dataset.retired_on is null or used.day <= current_dataset.retired_on as is_met
from purpose_day as used
inner join reporting_day on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
inner join current_dataset on used.dataset_id = current_dataset.dataset_id
where reporting_day.day = $as_of
