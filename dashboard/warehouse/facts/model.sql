-- What the inventory says about one model.
select model.* exclude (known_from, known_until)
from models as model
where
    model.model_id = $model
    and model.known_until = date '9999-12-31'
