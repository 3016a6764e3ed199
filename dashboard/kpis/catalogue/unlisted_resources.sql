/* ---
title: Data in use that no dataset stands for
question: How many resources whose content was used are not in the inventory?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 10
law: GDPR Art. 5(2), 30(1) and 32(1)(b)
population: Every resource whose content an audit log shows in use in the 26 weeks that end on the day.
row_title: resource
key: [source, resource]
columns:
  source: Log
  resource: Resource
  dataset_id: Dataset
  events: Events
  actors: Who used it
  last_used_on: Last used
sources: [audit_events]
optional_sources: [datasets]
fresh: {kind: audit_events, days: 7}
caveats:
  - A resource belongs to a dataset when the resource map says so; it is never guessed.
  - Events that only touched settings do not count.
what_would_change_it: Entering the data in the inventory, and the resource in the resource map.
since: 2026-11-24
--- */
with used as (
    select
        event.source,
        event.resource,
        max(event.dataset_id) as dataset_id,
        sum(event.events) as events,
        count(distinct event.actor) as actors,
        max(event.day) as last_used_on
    from resource_day as event
    inner join reporting_day
        on event.day > reporting_day.days_182_before and event.day <= reporting_day.day
    where reporting_day.day = $as_of
    group by event.source, event.resource
),

listed as (
    select dataset_id
    from datasets
    where known_from <= $as_of and known_until > $as_of and created_on <= $as_of
)

select
    used.source,
    used.resource,
    used.dataset_id,
    used.events,
    used.actors,
    used.last_used_on,
    listed.dataset_id is not null as is_met
from used
left join listed on used.dataset_id = listed.dataset_id
order by source, resource
