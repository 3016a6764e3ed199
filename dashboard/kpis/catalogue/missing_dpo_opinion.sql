/* ---
title: Approvals without the officer's advice
question: How many assessments were approved without the advice of the data protection officer?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 35(2) and 39(1)(c)
population: Every assessment made in this product that was approved by the day and whose kind asks for the advice.
exclusions: Assessments that were withdrawn or rejected.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  template: Kind
  state: State
  approved_on: Approved
sources: []
optional_sources: [record_assessment, record_advice]
what_would_change_it: Asking for the advice; the next version of the assessment cannot pass without it.
since: 2026-11-24
--- */
select
    record.assessment_id,
    record.project_id,
    record.template,
    record.state,
    record.approved_on,
    advice.has_opinion as is_met
from record_assessment as record
inner join record_advice as advice on record.assessment_id = advice.assessment_id
where
    advice.needs_opinion
    and record.approved_on <= $as_of
order by approved_on, assessment_id
