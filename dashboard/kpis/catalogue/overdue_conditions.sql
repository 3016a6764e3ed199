/* ---
title: Overdue conditions
question: How many open conditions of approvals are past their day?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 1
law: GDPR Art. 35(7)(d) and 24(1)
population: Every condition that was open on the day, of an assessment made in this product that is approved.
row_title: condition
key: [condition_id]
columns:
  condition_id: Condition
  assessment_id: Assessment
  owner_id: Owner
  due_on: Due
sources: []
optional_sources: [record_condition, record_assessment]
caveats:
  - Whether the approval stands is known as of now.
what_would_change_it: Meeting the condition, and somebody else than its owner closing it.
since: 2026-11-24
--- */
select
    condition.condition_id,
    condition.assessment_id,
    condition.owner_id,
    condition.due_on,
    condition.due_on >= $as_of as is_met
from record_condition as condition
inner join record_assessment as approval on condition.assessment_id = approval.assessment_id
where
    approval.state = 'approved_with_conditions'
    and approval.approved_on <= $as_of
    and (condition.closed_on is null or condition.closed_on > $as_of)
order by due_on, condition_id
