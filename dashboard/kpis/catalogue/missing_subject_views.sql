/* ---
title: Assessments without the views of people
question: How many assessments say neither what the people concerned think, nor why they were not asked?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 3
law: GDPR Art. 35(9); WP248 rev.01, section III.D
population: Every assessment made in this product that was sent for review and whose kind asks for the views.
exclusions: Drafts, and assessments that were withdrawn.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  state: State
  created_on: Begun
sources: []
optional_sources: [record_assessment, record_advice]
caveats:
  - The state is the one of now, and so are the views.
what_would_change_it: Asking people or their representatives, or giving the reason why not.
since: 2026-11-24
--- */
select
    record.assessment_id,
    record.project_id,
    record.state,
    record.created_on,
    advice.has_views as is_met
from record_assessment as record
inner join record_advice as advice on record.assessment_id = advice.assessment_id
where
    advice.needs_views
    and record.created_on <= $as_of
    and record.state not in ('draft', 'withdrawn')
order by created_on, assessment_id
