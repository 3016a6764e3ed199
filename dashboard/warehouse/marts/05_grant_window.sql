/* From which day to which day (both inclusive) was a grant in force, as it was known on a day?
   A revocation ends a grant on its day; a grant without a later version holds until further notice. */
create table grant_window as
select
    grant_id,
    person_id,
    dataset_id,
    purpose_id,
    granted_by,
    valid_from as first_day,
    least(valid_to, coalesce(revoked_on, valid_to)) as last_day,
    known_from,
    known_until
from grants
order by grant_id, known_from;
