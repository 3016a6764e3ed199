/* ---
title: Dataset purposes missing from the record
question: How many purposes of datasets does the record of processing not list for their activity?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(b) and 30(1)(b)
population: Every purpose that a dataset in use declares.
exclusions: Datasets whose processing activity is not in the record.
row_title: dataset purpose
key: [dataset_id, purpose_id]
columns:
  dataset_id: Dataset
  purpose_id: Purpose
  activity_id: Activity
sources: [datasets, processing_activities]
what_would_change_it: Adding the purpose to the record after checking its lawful basis, or dropping it from the dataset.
since: 2026-11-20
--- */
with recorded as (
    select activity_id, item as purpose_id
    from activity_item
    where item_kind = 'purpose' and known_from <= $as_of and known_until > $as_of
),

activity as (
    select activity_id
    from processing_activities
    where known_from <= $as_of and known_until > $as_of and registered_on <= $as_of
)

select
    declared_purpose.dataset_id,
    declared_purpose.purpose_id,
    declared_purpose.activity_id,
    recorded.purpose_id is not null as is_met
from declared_purpose
inner join datasets as dataset
    on declared_purpose.dataset_id = dataset.dataset_id
    and declared_purpose.known_from = dataset.known_from
inner join activity on declared_purpose.activity_id = activity.activity_id
left join recorded
    on declared_purpose.activity_id = recorded.activity_id
    and declared_purpose.purpose_id = recorded.purpose_id
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
order by dataset_id, purpose_id
