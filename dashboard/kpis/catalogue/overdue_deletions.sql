/* ---
title: Overdue deletions
question: How many planned deletions should have run by now and have not?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(e) and 17(1)(a)
population: Every planned deletion that was due before the day.
exclusions: None. A deletion that ran late counts until the day it ran; one that failed counts until it is done.
row_title: deletion run
key: [run_id]
columns:
  run_id: Run
  dataset_id: Dataset
  due_on: Due
  executed_on: Executed
  status: Status in the export
  is_held: Under a legal hold
sources: [deletion_runs]
optional_sources: [legal_holds]
caveats:
  - A run whose dataset is under a legal hold stays in the list, marked, until it is planned anew.
what_would_change_it: Running the deletion, or planning it anew when a legal hold stands against it.
since: 2026-11-20
board: 2
--- */
with held as (
    select distinct dataset_id
    from hold_window
    where
        known_from <= $as_of and known_until > $as_of
        and first_day <= $as_of and last_day >= $as_of
)

select
    run.run_id,
    run.dataset_id,
    run.due_on,
    run.executed_on,
    run.status,
    held.dataset_id is not null as is_held,
    run.executed_on is not null and run.executed_on <= $as_of as is_met
from deletion_runs as run
left join held on run.dataset_id = held.dataset_id
where run.due_on < $as_of
order by due_on, run_id
