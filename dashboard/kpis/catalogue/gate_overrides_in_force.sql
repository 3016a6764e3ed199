/* ---
title: Gates open by override
question: How many release gates are open although something stands against the release?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 1
law: GDPR Art. 5(2), 24(1) and 35(1)
population: Every override that was granted by the day.
row_title: override
key: [override_id]
columns:
  override_id: Override
  project_id: Project
  reasons: Reasons covered
  granted_on: Granted
  last_day: Last day
sources: []
optional_sources: [record_override]
caveats:
  - An override whose reasons are no longer all that stand against the release counts until it ends.
what_would_change_it: Settling what stands against the release, and ending the override.
since: 2026-11-24
--- */
select
    override_id,
    project_id,
    reasons,
    granted_on,
    last_day,
    last_day < $as_of or coalesce(ended_on <= $as_of, false) as is_met
from record_override
where granted_on <= $as_of
order by last_day, override_id
