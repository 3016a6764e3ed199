/* ---
title: Leakage score of the worst measured dataset
question: How much did the worst channel of our measured datasets demonstrably leak, from 0 (nothing shown) to 100 (somebody fully exposed)?
owner: Head of machine learning
unit: score
direction: lower
aggregate: max
score: score
target: 9
warn: 9
law: GDPR Recital 26, Art. 25 and 32; WP216
population: Every dataset in use with a valid result; its worst channel by the latest valid result.
exclusions: Datasets that were never measured; results marked invalid.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  dataset_name: Name
  classification: Classification
  channel: Worst channel
  score: Score
  score_limit: Limit
  extent: Share of people concerned
  measured_on: Measured
sources: [datasets, leakage_results]
optional_sources: [record_measurement]
caveats:
  - The limit follows the classification, special category 5, public 33, every other 9 (leakage policy).
  - The score is 100 times the severity at the lower confidence bound; no averages and no weights.
what_would_change_it: Coarser columns, larger groups, or fewer columns together.
since: 2026-11-20
--- */
with ranked as (
    select
        subject_id,
        channel,
        score,
        extent,
        known_from as measured_on,
        row_number() over (
            partition by subject_id order by score desc, extent desc nulls last, channel
        ) as place
    from leakage_current
    where subject_kind = 'dataset' and known_from <= $as_of and known_until > $as_of
),

worst as (
    select * from ranked where place = 1
)

select
    dataset.dataset_id,
    dataset.name as dataset_name,
    dataset.classification,
    worst.channel,
    worst.score,
    leakage_limit.score_limit,
    worst.extent,
    worst.measured_on,
    worst.score <= leakage_limit.score_limit as is_met
from datasets as dataset
inner join worst on dataset.dataset_id = worst.subject_id
inner join leakage_limit
    on leakage_limit.data_class = case dataset.classification
        when 'special_category' then 'special'
        when 'public' then 'public'
        else 'personal'
    end
where
    dataset.known_from <= $as_of and dataset.known_until > $as_of
    and dataset.created_on <= $as_of and (dataset.retired_on is null or dataset.retired_on > $as_of)
order by score desc, dataset_id
