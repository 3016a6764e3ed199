/* ---
title: Derived datasets with lineage
question: Which share of our derived and synthetic datasets can be traced to what they were made from?
owner: Head of data engineering
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 90
law: GDPR Art. 5(2); AI Act Art. 10(2)(b)
population: Every dataset in use whose origin is derived or synthetic.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  owner_id: Owner
  origin: Origin
  origins: Recorded sources
sources: [datasets, lineage]
what_would_change_it: Recording the inputs of the job that makes the dataset.
since: 2026-11-20
--- */
with traced as (
    select target_id as dataset_id, count(distinct source_id) as origins
    from lineage
    where
        target_kind = 'dataset' and recorded_on <= $as_of
        and known_from <= $as_of and known_until > $as_of
    group by target_id
)

select
    dataset.dataset_id,
    dataset.name as dataset_name,
    dataset.owner_id,
    dataset.origin,
    coalesce(traced.origins, 0) as origins,
    traced.dataset_id is not null as is_met
from datasets as dataset
left join traced on dataset.dataset_id = traced.dataset_id
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
    and dataset.origin in ('derived', 'synthetic')
order by dataset_id
