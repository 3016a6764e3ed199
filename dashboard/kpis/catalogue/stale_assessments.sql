/* ---
title: DPIAs whose review is overdue
question: How many approved impact assessments should have been reviewed by now?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 35(11)
population: Every impact assessment whose latest state is approved, with or without conditions.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  assessment_state: State
  approved_on: Approved
  review_due_on: Review due
sources: [assessment_register]
optional_sources: [record_assessment, record_condition, record_risk]
caveats:
  - An approval without a review date never becomes overdue.
what_would_change_it: Reviewing the assessment and approving it again.
since: 2026-11-20
--- */
select
    assessment_id,
    project_id,
    state as assessment_state,
    approved_on,
    review_due_on,
    review_due_on is null or review_due_on >= $as_of as is_met
from assessment_state
where
    known_from <= $as_of and known_until > $as_of
    and template = 'dpia'
    and state in ('approved', 'approved_with_conditions')
order by review_due_on, assessment_id
