/* ---
title: Leakage score of the worst released model
question: How much did the worst channel of our released models demonstrably leak, from 0 (nothing shown) to 100 (somebody fully exposed)?
owner: Head of machine learning
unit: score
direction: lower
aggregate: max
score: score
target: 9
warn: 9
law: GDPR Art. 25 and 32; WP216 (singling out, linkability, inference); EDPB Opinion 28/2024
population: Every model that was released and not retired on the day; its worst channel by the latest valid result.
exclusions: Results marked invalid.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  owner_id: Owner
  channel: Worst channel
  score: Score
  score_limit: Limit
  extent: Share of people concerned
  method: Method
  measured_on: Measured
sources: [models, leakage_results]
optional_sources: [datasets, lineage, record_measurement]
fresh: {kind: leakage_results, days: 182}
caveats:
  - Attacks show a floor. The score never says "at most".
  - The score is 100 times the severity at the lower confidence bound; no averages and no weights.
  - A model on special categories of data has the limit 5, every other the limit 9 (leakage policy).
  - Not measured is not 0. While a released model has no valid result, the state is never "met".
what_would_change_it: Dropping or coarsening features, training with differential privacy, or withdrawing the model.
since: 2026-11-20
board: 4
--- */
with model as (
    select model_id, name as model_name, owner_id
    from models
    where
        known_from <= $as_of and known_until > $as_of
        and status <> 'development'
        and coalesce(released_on, trained_on) <= $as_of
        and (status <> 'retired' or retired_on > $as_of)
        and (retired_on is null or retired_on > $as_of)
),

special as (
    select distinct model_training_dataset.model_id
    from model_training_dataset
    inner join datasets on model_training_dataset.dataset_id = datasets.dataset_id
    where
        datasets.classification = 'special_category'
        and datasets.known_from <= $as_of and datasets.known_until > $as_of
        and model_training_dataset.known_from <= $as_of
        and model_training_dataset.known_until > $as_of
),

ranked as (
    select
        subject_id,
        channel,
        score,
        extent,
        method,
        known_from as measured_on,
        row_number() over (
            partition by subject_id order by score desc, extent desc nulls last, channel
        ) as place
    from leakage_current
    where subject_kind = 'model' and known_from <= $as_of and known_until > $as_of
),

worst as (
    select * from ranked where place = 1
)

select
    model.model_id,
    model.model_name,
    model.owner_id,
    worst.channel,
    worst.score,
    leakage_limit.score_limit,
    worst.extent,
    worst.method,
    worst.measured_on,
    coalesce(worst.score <= leakage_limit.score_limit, false) as is_met
from model
left join special on model.model_id = special.model_id
left join worst on model.model_id = worst.subject_id
inner join leakage_limit
    on leakage_limit.data_class = case when special.model_id is null then 'personal' else 'special' end
order by score desc nulls first, model_id
