/* ---
title: Accesses after a grant had ended
question: How many accesses in the last 26 weeks rested on a grant that had expired, was revoked or had not begun?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(f) and 32(1)(b)
population: Every successful access event of the 26 weeks that end on the day, with a grant that the export of grants knows.
exclusions: Denied accesses; accesses without a grant or with an unknown one.
row_title: access event
key: [event_id]
columns:
  event_id: Event
  day: Day
  actor_id: Who
  dataset_id: Dataset
  grant_id: Grant
  first_day: Grant begins
  last_day: Grant ended
  action: Action
  rows_read: Rows read
sources: [access_events, grants]
optional_sources: [record_grant]
fresh: {kind: access_events, days: 7}
caveats:
  - A grant holds through its last day; one that was revoked holds through the day of revocation.
  - While the exports reach back less than 26 weeks, only what was exported counts, so the trend rises until they do.
what_would_change_it: Enforcing the end of grants in the data platform, or renewing a grant that is still needed.
since: 2026-11-20
board: 6
--- */
with known_grant as (
    select grant_id, first_day, last_day
    from grant_window
    where known_from <= $as_of and known_until > $as_of
)

select
    used.event_id,
    used.day,
    used.actor_id,
    used.dataset_id,
    used.grant_id,
    known_grant.first_day,
    known_grant.last_day,
    used.action,
    used.rows_read,
    used.day >= known_grant.first_day and used.day <= known_grant.last_day as is_met
from access_use as used
inner join reporting_day on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
inner join known_grant on used.grant_id = known_grant.grant_id
where reporting_day.day = $as_of
order by day, event_id
-- counted
select used.events, used.is_in_force as is_met
from grant_state_day as used
inner join reporting_day on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
where reporting_day.day = $as_of and used.known_from <= $as_of and used.known_until > $as_of
