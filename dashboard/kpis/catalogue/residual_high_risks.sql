/* ---
title: Approvals with high residual risks
question: How many approved impact assessments leave a high risk to people?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 36(1) (prior consultation)
population: Every impact assessment whose latest state is approved, with or without conditions.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  approved_on: Approved
  high_residual_risks: High residual risks
sources: [assessment_register]
optional_sources: [record_assessment, record_condition, record_risk]
caveats:
  - Of assessments made in this product, a risk counts as high when its level after all measures is not accepted.
what_would_change_it: Measures that lower the risk, or consulting the supervisory authority.
since: 2026-11-20
--- */
select
    assessment_id,
    project_id,
    approved_on,
    high_residual_risks,
    high_residual_risks = 0 as is_met
from assessment_state
where
    known_from <= $as_of and known_until > $as_of
    and template = 'dpia'
    and state in ('approved', 'approved_with_conditions')
order by assessment_id
