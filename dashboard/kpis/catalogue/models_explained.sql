/* ---
title: Released models with an explanation method
question: Which share of our released models says how a result can be explained to the person concerned?
owner: Head of machine learning
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 90
law: GDPR Art. 13(2)(f), 15(1)(h) and 22(3); AI Act Art. 86
population: Every model that was released and not retired on the day.
row_title: model
key: [model_id]
columns:
  model_id: Model
  model_name: Name
  project_id: Project
  owner_id: Owner
  explanation_method: Explanation method
sources: [models]
what_would_change_it: Choosing a method and entering it with the model.
since: 2026-11-20
--- */
select
    model_id,
    name as model_name,
    project_id,
    owner_id,
    explanation_method,
    explanation_method is not null as is_met
from models
where
    known_from <= $as_of and known_until > $as_of
    and status <> 'development'
    and coalesce(released_on, trained_on) <= $as_of
    and (status <> 'retired' or retired_on > $as_of)
    and (retired_on is null or retired_on > $as_of)
order by model_id
