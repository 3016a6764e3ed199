/* ---
title: Datasets without an owner in the company
question: How many datasets are answered for by somebody who has left?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 5(2) (accountability)
population: Every dataset in use.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  owner_id: Owner
  left_on: Owner left
sources: [datasets, people]
caveats:
  - An owner whom the list of people does not know counts as missing.
what_would_change_it: Naming a new owner.
since: 2026-11-20
--- */
with person as (
    select person_id, left_on
    from people
    where known_from <= $as_of and known_until > $as_of
)

select
    dataset.dataset_id,
    dataset.name as dataset_name,
    dataset.owner_id,
    person.left_on,
    person.person_id is not null and (person.left_on is null or person.left_on > $as_of) as is_met
from datasets as dataset
left join person on dataset.owner_id = person.person_id
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
order by dataset_id
