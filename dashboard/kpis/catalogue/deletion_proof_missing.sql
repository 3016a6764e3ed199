/* ---
title: Deletions without proof
question: How many deletions of the last year are reported as done without a proof?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(2) and 17(1)
population: Every deletion that was executed in the year that ends on the day.
row_title: deletion run
key: [run_id]
columns:
  run_id: Run
  dataset_id: Dataset
  executed_on: Executed
  rows_deleted: Rows deleted
  proof_sha256: Proof
sources: [deletion_runs]
caveats:
  - A proof is the SHA-256 of the deletion log; whether the log is sound is not known here.
what_would_change_it: Keeping the log of each deletion and its SHA-256.
since: 2026-11-20
--- */
select
    run.run_id,
    run.dataset_id,
    run.executed_on,
    run.rows_deleted,
    run.proof_sha256,
    run.proof_sha256 is not null as is_met
from deletion_runs as run
inner join reporting_day
    on run.executed_on > reporting_day.year_before and run.executed_on <= reporting_day.day
where reporting_day.day = $as_of
order by executed_on, run_id
