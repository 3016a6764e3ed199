/* ---
title: Models kept past their retention period
question: How many models in use are older than their retention period?
owner: Head of machine learning
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 5(1)(e); EDPB Opinion 28/2024 (models can hold personal data)
population: Every model that was trained and not retired on the day.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  owner_id: Owner
  status: Status
  trained_on: Trained
  keep_until: May be kept until
sources: [models]
what_would_change_it: Retiring the model, or training it anew on data that may still be used.
since: 2026-11-20
--- */
select
    model.model_id,
    model.name as model_name,
    model.owner_id,
    model.status,
    model.trained_on,
    model_keep.keep_until,
    model_keep.keep_until >= $as_of as is_met
from models as model
inner join model_keep
    on model.model_id = model_keep.model_id and model.known_from = model_keep.known_from
where
    model.known_from <= $as_of and model.known_until > $as_of
    and model.trained_on <= $as_of
    and (model.status <> 'retired' or model.retired_on > $as_of)
    and (model.retired_on is null or model.retired_on > $as_of)
order by keep_until, model_id
