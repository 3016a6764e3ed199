/* ---
title: Released models without a leakage measurement
question: How many released models have no valid membership measurement whose own checks passed?
owner: Head of machine learning
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 25(1) and 32(1)(d) (regular testing)
population: Every model that was released and not retired on the day.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  owner_id: Owner
  measured_on: Last measured
  power_check: Planted leak found
  null_check: Nothing found without a leak
sources: [models, leakage_results]
optional_sources: [record_measurement]
caveats:
  - Membership is the channel that the leakage policy requires of every model.
  - A result counts as evidence only when it found a planted leak and stayed silent where there was none.
what_would_change_it: Measuring the model with a sample that is large enough.
since: 2026-11-20
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

measured as (
    select subject_id, known_from as measured_on, power_check, null_check
    from leakage_current
    where
        subject_kind = 'model' and channel = 'membership'
        and known_from <= $as_of and known_until > $as_of
)

select
    model.model_id,
    model.model_name,
    model.owner_id,
    measured.measured_on,
    measured.power_check,
    measured.null_check,
    coalesce(measured.power_check = 'passed' and measured.null_check = 'passed', false) as is_met
from model
left join measured on model.model_id = measured.subject_id
order by model_id
