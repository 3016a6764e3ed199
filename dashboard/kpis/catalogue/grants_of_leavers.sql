/* ---
title: Grants of people who have left
question: How many grants are in force for somebody who has left the company?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 32(1)(b)
population: Every grant in force on the day.
row_title: grant
key: [grant_id]
columns:
  grant_id: Grant
  person_id: Person
  dataset_id: Dataset
  left_on: Left
  last_day: Grant ends
sources: [grants, people]
optional_sources: [record_grant]
caveats:
  - A person whom the list of people does not know counts as having left.
what_would_change_it: Revoking the grant on the day a person leaves.
since: 2026-11-20
--- */
with person as (
    select person_id, left_on
    from people
    where known_from <= $as_of and known_until > $as_of
)

select
    permission.grant_id,
    permission.person_id,
    permission.dataset_id,
    person.left_on,
    permission.last_day,
    person.person_id is not null and (person.left_on is null or person.left_on > $as_of) as is_met
from grant_window as permission
left join person on permission.person_id = person.person_id
where
    permission.known_from <= $as_of and permission.known_until > $as_of
    and permission.first_day <= $as_of and permission.last_day >= $as_of
order by grant_id
