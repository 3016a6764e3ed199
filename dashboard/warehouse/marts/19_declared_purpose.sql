/* Which purposes does a dataset declare? One row a purpose and version. */
create table declared_purpose as
select dataset_id, activity_id, unnest(purposes) as purpose_id, known_from, known_until
from datasets
order by dataset_id, purpose_id, known_from;
