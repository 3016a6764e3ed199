/* ---
title: Privacy training completed
question: Which share of the courses that were due has been completed?
owner: Head of people
unit: percent
direction: higher
aggregate: share_met
target: 95
warn: 90
law: GDPR Art. 39(1)(b) (awareness-raising and training of staff)
population: Every assigned course that was due before the day.
exclusions: Courses of people who have left.
row_title: assigned course
key: [record_id]
columns:
  record_id: Record
  person_id: Person
  team: Team
  course: Course
  due_on: Due
  completed_on: Completed
sources: [training_records]
optional_sources: [people]
caveats:
  - A course that was completed late counts as completed.
what_would_change_it: Completing the courses that are listed.
since: 2026-11-20
--- */
with person as (
    select person_id, team, left_on
    from people
    where known_from <= $as_of and known_until > $as_of
)

select
    record.record_id,
    record.person_id,
    person.team,
    record.course,
    record.due_on,
    record.completed_on,
    record.completed_on is not null and record.completed_on <= $as_of as is_met
from training_records as record
left join person on record.person_id = person.person_id
where record.due_on < $as_of and (person.left_on is null or person.left_on > $as_of)
order by due_on, record_id
