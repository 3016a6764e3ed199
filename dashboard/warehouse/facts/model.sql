-- What does the inventory say about one model?
select *
from models
where model_id = $model and known_until = date '9999-12-31'
