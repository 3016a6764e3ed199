/* Which datasets was each model trained on, by its own entry or by a lineage edge? One row a model, dataset and version. */
create table model_training_dataset as
with named as (
    select model_id, unnest(training_dataset_ids) as dataset_id, known_from, known_until
    from models
    union all
    select target_id as model_id, source_id as dataset_id, known_from, known_until
    from lineage
    where source_kind = 'dataset' and target_kind = 'model'
)

select model_id, dataset_id, min(known_from) as known_from, max(known_until) as known_until
from named
group by model_id, dataset_id
order by model_id, dataset_id;
