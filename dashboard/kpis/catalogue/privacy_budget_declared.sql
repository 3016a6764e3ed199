/* ---
title: Differentially private models with a budget
question: Which share of the models of projects that promise differential privacy declares its epsilon?
owner: Head of machine learning
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 100
law: GDPR Art. 25(1); a promise of differential privacy says nothing without its epsilon
population: Every model, trained and not retired on the day, of a project that uses differential privacy.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  project_id: Project
  owner_id: Owner
  privacy_epsilon: Epsilon
sources: [models, projects]
what_would_change_it: Entering the epsilon that the accounting gave, or withdrawing the promise.
since: 2026-11-20
--- */
select
    model.model_id,
    model.name as model_name,
    model.project_id,
    model.owner_id,
    model.privacy_epsilon,
    model.privacy_epsilon is not null as is_met
from models as model
inner join projects as project on model.project_id = project.project_id
where
    model.known_from <= $as_of and model.known_until > $as_of
    and project.known_from <= $as_of and project.known_until > $as_of
    and project.uses_differential_privacy
    and model.trained_on <= $as_of
    and (model.status <> 'retired' or model.retired_on > $as_of)
    and (model.retired_on is null or model.retired_on > $as_of)
order by model_id
