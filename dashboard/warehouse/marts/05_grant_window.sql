/* From which day to which day (both inclusive) was a grant in force, as it was known on a day?
   A revocation ends a grant on its day; a grant without a later version holds until further notice.
   Grants of the export and of this product's own records count alike; the records win over an export of them. */
create table grant_window as
with known_grant as (
    select
        grant_id,
        person_id,
        dataset_id,
        purpose_id,
        granted_by,
        valid_from,
        valid_to,
        revoked_on,
        known_from,
        known_until
    from grants
    where grant_id not in (select grant_id from record_grant)
    union all
    select
        grant_id,
        person_id,
        dataset_id,
        purpose_id,
        granted_by,
        valid_from,
        valid_to,
        revoked_on,
        known_from,
        known_until
    from record_grant
)

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
from known_grant
order by grant_id, known_from;
