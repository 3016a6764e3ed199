/* ---
title: Overdue actions
question: How many open actions are past their day?
owner: Privacy office
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 3
law: GDPR Art. 5(2), 24(1) and 35(7)(d)
population: Every action that was open on the day.
row_title: action
key: [action_id]
columns:
  action_id: Action
  project_id: Project
  origin: Comes from
  owner_id: Owner
  due_on: Due
sources: []
optional_sources: [record_action]
what_would_change_it: Closing the action with a note or a file, or dropping it with a reason.
since: 2026-11-24
--- */
select
    action_id,
    project_id,
    origin,
    owner_id,
    due_on,
    due_on >= $as_of as is_met
from record_action
where added_on <= $as_of and (closed_on is null or closed_on > $as_of)
order by due_on, action_id
