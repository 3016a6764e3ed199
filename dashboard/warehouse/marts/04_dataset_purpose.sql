/* For which purposes may a dataset be used: those that it declares, and those that they are compatible with
   (GDPR Art. 5(1)(b), 6(4))? One row a dataset, purpose and version; a declared purpose wins over a compatible one. */
create table dataset_purpose as
with declared as (
    select dataset_id, unnest(purposes) as purpose_id, known_from, known_until
    from datasets
),

compatible as (
    select purpose_id, unnest(compatible_with) as compatible_id, known_from, known_until
    from purposes
),

allowed as (
    select dataset_id, purpose_id, 'declared' as allowed_as, known_from, known_until
    from declared
    union all
    select
        declared.dataset_id,
        compatible.compatible_id as purpose_id,
        'compatible' as allowed_as,
        greatest(declared.known_from, compatible.known_from) as known_from,
        least(declared.known_until, compatible.known_until) as known_until
    from declared
    inner join compatible on declared.purpose_id = compatible.purpose_id
)

select dataset_id, purpose_id, max(allowed_as) as allowed_as, known_from, known_until
from allowed
where known_from < known_until
group by dataset_id, purpose_id, known_from, known_until
order by dataset_id, purpose_id, known_from;
