/* ---
title: Measures 'in place' without evidence
question: How many measures are said to be in place without anything that shows it?
owner: Privacy office
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 10
law: GDPR Art. 5(2), 24(1) and 32(1)(d); EDPB template 4.2.a
population: Every measure said to be in place, in assessments made in this product that have not ended.
exclusions: Kinds of assessment that do not ask for evidence of measures.
row_title: measure
key: [assessment_id, measure_id]
columns:
  assessment_id: Assessment
  measure_id: Measure
  project_id: Project
  state: State
sources: []
optional_sources: [record_assessment, record_measure]
caveats:
  - Measures are those of now.
what_would_change_it: Naming the test, the configuration, the contract or the KPI that shows the measure.
since: 2026-11-24
--- */
select
    measure.assessment_id,
    measure.measure_id,
    record.project_id,
    record.state,
    measure.has_evidence as is_met
from record_measure as measure
inner join record_assessment as record on measure.assessment_id = record.assessment_id
where
    measure.status = 'implemented'
    and record.created_on <= $as_of
    and record.state not in ('withdrawn', 'rejected', 'superseded', 'expired')
order by assessment_id, measure_id
