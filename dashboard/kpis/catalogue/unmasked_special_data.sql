/* ---
title: Special categories kept unmasked
question: How many datasets of special categories show identities in the clear?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 9(1), 25(1) and 32(1)(a) (pseudonymisation)
population: Every dataset in use that is classified as special category.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  owner_id: Owner
  masking: Masking
sources: [datasets]
what_would_change_it: Pseudonymising, tokenising or aggregating the dataset.
since: 2026-11-20
--- */
select
    dataset_id,
    name as dataset_name,
    owner_id,
    masking,
    masking <> 'none' as is_met
from datasets
where
    known_from <= $as_of and known_until > $as_of
    and created_on <= $as_of and (retired_on is null or retired_on > $as_of)
    and classification = 'special_category'
order by dataset_id
