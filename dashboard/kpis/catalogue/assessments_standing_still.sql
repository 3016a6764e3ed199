/* ---
title: Assessments that stand still
question: How many assessments under way have been in the same state for more than 30 days?
owner: Privacy office
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 35(1) (before the processing)
population: Every assessment made in this product that waits for somebody on the day.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  template: Kind
  to_state: State
  taken_on: Since
sources: []
optional_sources: [record_step]
what_would_change_it: Doing the next step, or withdrawing what nobody needs.
since: 2026-11-24
--- */
select
    assessment_id,
    project_id,
    template,
    to_state,
    taken_on,
    long_from > $as_of as is_met
from assessment_step
where
    taken_on <= $as_of and left_on > $as_of
    and to_state in (
        'draft', 'submitted', 'in_review', 'returned', 'opinion', 'decision_pending'
    )
order by taken_on, assessment_id
