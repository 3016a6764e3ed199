/* ---
title: Reviews accepted in the first round
question: Which share of our assessments went through their first round of review without coming back?
owner: Privacy office
unit: percent
direction: higher
aggregate: share_met
target: 70
warn: 50
law: GDPR Art. 35(2) and 39(1)(c) (advice and monitoring)
population: Every assessment made in this product whose first round of review has ended by the day.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  template: Kind
  taken_on: First round ended
  step: How it ended
sources: []
optional_sources: [record_step]
caveats:
  - The rate of returns is what is missing to 100 percent.
what_would_change_it: Clearer questions, and looking at open points before sending.
since: 2026-11-24
--- */
with closing as (
    select
        assessment_id,
        project_id,
        template,
        taken_on,
        step,
        row_number() over (partition by assessment_id order by number) as place
    from assessment_step
    where step in ('return', 'accept', 'forward') and taken_on <= $as_of
)

select
    assessment_id,
    project_id,
    template,
    taken_on,
    step,
    step <> 'return' as is_met
from closing
where place = 1
order by taken_on, assessment_id
