/* ---
title: Special categories stored unencrypted
question: How many datasets of special categories live in a system without encryption at rest?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 9(1) and 32(1)(a)
population: Every dataset in use that is classified as special category.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  owner_id: Owner
  system_id: System
  system_name: System name
sources: [datasets, systems]
caveats:
  - A system that the inventory does not know counts as unencrypted.
what_would_change_it: Encrypting the system, or moving the dataset to one that is.
since: 2026-11-20
--- */
with current_system as (
    select system_id, name as system_name, encrypted_at_rest
    from systems
    where known_from <= $as_of and known_until > $as_of
)

select
    dataset.dataset_id,
    dataset.name as dataset_name,
    dataset.owner_id,
    dataset.system_id,
    current_system.system_name,
    coalesce(current_system.encrypted_at_rest, false) as is_met
from datasets as dataset
left join current_system on dataset.system_id = current_system.system_id
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
    and dataset.classification = 'special_category'
order by dataset_id
