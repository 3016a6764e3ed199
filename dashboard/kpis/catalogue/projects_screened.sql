/* ---
title: Projects that were screened
question: Which share of our running projects was screened for whether it needs an impact assessment?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 95
law: GDPR Art. 35(1) and 35(3); WP248
population: Every project in development, pilot or production.
row_title: project
key: [project_id]
columns:
  project_id: Project
  project_name: Name
  owner_id: Owner
  stage: Stage
  screening_outcome: Outcome
sources: [projects]
what_would_change_it: Screening the project; it takes about ten minutes.
since: 2026-11-20
--- */
select
    project_id,
    name as project_name,
    owner_id,
    stage,
    screening_outcome,
    screening_outcome is not null as is_met
from projects
where
    known_from <= $as_of and known_until > $as_of
    and started_on <= $as_of and stage in ('development', 'pilot', 'production')
order by project_id
