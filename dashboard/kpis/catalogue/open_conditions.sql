/* ---
title: Approvals with open conditions
question: How many approved assessments still have a condition to fulfil?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 3
law: GDPR Art. 35(7)(d) and 35(11)
population: Every assessment whose latest state is approved, with or without conditions.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  template: Kind
  approved_on: Approved
  open_conditions: Open conditions
sources: [assessment_register]
optional_sources: [record_assessment, record_condition, record_risk]
caveats:
  - Of assessments made in this product the conditions open now are known, not those open on earlier days.
what_would_change_it: Closing the conditions with evidence.
since: 2026-11-20
--- */
select
    assessment_id,
    project_id,
    template,
    approved_on,
    open_conditions,
    open_conditions = 0 as is_met
from assessment_state
where
    known_from <= $as_of and known_until > $as_of
    and state in ('approved', 'approved_with_conditions')
order by approved_on, assessment_id
