/* ---
title: Data kept within its retention period
question: Which share of our datasets holds nothing older than its declared retention period allows?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 95
law: GDPR Art. 5(1)(e) (storage limitation); exception for legal claims in Art. 17(3)(e)
population: Every dataset in the inventory that was created and not retired on the day.
exclusions: None. A dataset under a legal hold counts as kept lawfully and says so; a dataset that was never observed counts as not proved.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  owner_id: Owner
  retention_period: Retention period
  oldest_record_on: Oldest record
  keep_until: May be kept until
  observed_on: Observed on
  finding: Finding
sources: [datasets, dataset_observations]
optional_sources: [legal_holds]
fresh: {kind: dataset_observations, days: 14}
caveats:
  - The age comes from the oldest record that the observation found, not from what a deletion job reported.
  - The day on which the period ends still counts as within it.
what_would_change_it: Deleting records past their period, a legal hold with a matter, or a longer period where the law allows it.
since: 2026-11-20
board: 1
--- */
with dataset as (
    select dataset_id, name as dataset_name, owner_id, retention_period
    from datasets
    where
        known_from <= $as_of and known_until > $as_of
        and created_on <= $as_of and (retired_on is null or retired_on > $as_of)
),

age as (
    select dataset_id, oldest_record_on, keep_until, observed_on
    from dataset_age
    where known_from <= $as_of and known_until > $as_of
),

held as (
    select distinct dataset_id
    from hold_window
    where
        known_from <= $as_of and known_until > $as_of
        and first_day <= $as_of and last_day >= $as_of
),

judged as (
    select
        dataset.dataset_id,
        dataset.dataset_name,
        dataset.owner_id,
        dataset.retention_period,
        age.oldest_record_on,
        age.keep_until,
        age.observed_on,
        case
            when age.dataset_id is null then 'never observed'
            when age.oldest_record_on is null then 'empty'
            when age.keep_until >= $as_of then 'within its period'
            when held.dataset_id is not null then 'under a legal hold'
            else 'past its period'
        end as finding
    from dataset
    left join age on dataset.dataset_id = age.dataset_id
    left join held on dataset.dataset_id = held.dataset_id
)

select
    dataset_id,
    dataset_name,
    owner_id,
    retention_period,
    oldest_record_on,
    keep_until,
    observed_on,
    finding,
    finding in ('empty', 'within its period', 'under a legal hold') as is_met
from judged
order by keep_until, dataset_id
