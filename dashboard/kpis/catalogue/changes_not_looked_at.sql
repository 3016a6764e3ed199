/* ---
title: Changed facts that nobody looked at
question: How many changed facts behind approvals have been waiting for somebody to say what comes of them?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 35(11); WP248 rev.01, section III.C
population: Every changed fact behind an approval that was found by the day.
row_title: change
key: [trigger_id]
columns:
  trigger_id: Change
  assessment_id: Assessment
  project_id: Project
  question_id: Question
  found_on: Found
sources: []
optional_sources: [record_trigger, record_assessment]
what_would_change_it: Saying what came of the change, or renewing the assessment.
since: 2026-11-24
--- */
select
    changed.trigger_id,
    changed.assessment_id,
    record.project_id,
    changed.question_id,
    changed.found_on,
    coalesce(changed.closed_on <= $as_of, false) as is_met
from record_trigger as changed
inner join record_assessment as record on changed.assessment_id = record.assessment_id
where changed.found_on <= $as_of
order by found_on, trigger_id
