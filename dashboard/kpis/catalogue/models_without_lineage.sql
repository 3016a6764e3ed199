/* ---
title: Models without lineage
question: How many models cannot be traced back to any dataset?
owner: Head of machine learning
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 2
law: GDPR Art. 5(2); AI Act Art. 10(2) and Annex IV(2)(d)
population: Every model that is not retired and was trained by the day.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  project_id: Project
  owner_id: Owner
  status: Status
  datasets: Datasets by lineage
sources: [models, lineage]
caveats:
  - Only recorded lineage counts, not what the model's own entry names as training data.
what_would_change_it: Recording the training job's inputs.
since: 2026-11-20
--- */
with traced as (
    select target_id as model_id, count(distinct source_id) as datasets
    from lineage
    where
        source_kind = 'dataset' and target_kind = 'model' and recorded_on <= $as_of
        and known_from <= $as_of and known_until > $as_of
    group by target_id
)

select
    model.model_id,
    model.name as model_name,
    model.project_id,
    model.owner_id,
    model.status,
    coalesce(traced.datasets, 0) as datasets,
    traced.model_id is not null as is_met
from models as model
left join traced on model.model_id = traced.model_id
where
    model.known_from <= $as_of and model.known_until > $as_of
    and model.status <> 'retired' and model.trained_on <= $as_of
order by model_id
