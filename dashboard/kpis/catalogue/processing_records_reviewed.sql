/* ---
title: Record of processing reviewed
question: Which share of our processing activities was reviewed in the last year?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 90
law: GDPR Art. 5(2) and 30(1)
population: Every processing activity in the record that was registered by the day.
row_title: processing activity
key: [activity_id]
columns:
  activity_id: Activity
  activity_name: Name
  owner_id: Owner
  registered_on: Registered
  last_reviewed_on: Last reviewed
sources: [processing_activities]
caveats:
  - The record keeps only the last review, so an entry that was reviewed since counts as reviewed on earlier days of the trend too.
what_would_change_it: Reviewing the entries that are listed.
since: 2026-11-20
--- */
select
    activity.activity_id,
    activity.name as activity_name,
    activity.owner_id,
    activity.registered_on,
    activity.last_reviewed_on,
    activity.last_reviewed_on is not null
    and activity.last_reviewed_on >= reporting_day.year_before as is_met
from processing_activities as activity
inner join reporting_day on activity.registered_on <= reporting_day.day
where
    reporting_day.day = $as_of
    and activity.known_from <= $as_of and activity.known_until > $as_of
order by last_reviewed_on, activity_id
