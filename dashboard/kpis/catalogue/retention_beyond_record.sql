/* ---
title: Datasets kept longer than the record allows
question: How many datasets declare a longer period than the record of processing gives their activity?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(e) and 30(1)(f)
population: Every dataset in use whose processing activity is in the record.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  activity_id: Activity
  dataset_period: Period of the dataset
  activity_period: Period in the record
sources: [datasets, processing_activities]
caveats:
  - Periods are compared by the calendar from 1 January 2000; 365 days are shorter than that year.
what_would_change_it: Shortening the dataset's period, or giving reasons for a longer one in the record.
since: 2026-11-20
--- */
with dataset_promise as (
    select subject_id, retention_period, ends_on
    from retention_promise
    where subject_kind = 'dataset' and known_from <= $as_of and known_until > $as_of
),

activity_promise as (
    select subject_id, retention_period, ends_on
    from retention_promise
    where subject_kind = 'activity' and known_from <= $as_of and known_until > $as_of
)

select
    dataset.dataset_id,
    dataset.name as dataset_name,
    dataset.activity_id,
    dataset_promise.retention_period as dataset_period,
    activity_promise.retention_period as activity_period,
    dataset_promise.ends_on <= activity_promise.ends_on as is_met
from datasets as dataset
inner join dataset_promise on dataset.dataset_id = dataset_promise.subject_id
inner join activity_promise on dataset.activity_id = activity_promise.subject_id
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
order by dataset_id
