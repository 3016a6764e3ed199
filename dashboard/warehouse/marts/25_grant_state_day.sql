/* How many events of each day does their grant allow, by each version of the grant that was ever known?
   Summed by the span in which a version is the known one, so that a KPI of any day picks what that day knew. */
-- carried: grant_window
-- needs: grant_day, grant_window
create table grant_state_day as
with judged as (
    select
        used.day,
        granted.known_from,
        granted.known_until,
        used.day >= granted.first_day and used.day <= granted.last_day as is_in_force,
        case
            when granted.person_id <> used.actor_id then 'another person'
            when granted.dataset_id <> used.dataset_id then 'another dataset'
            when granted.purpose_id <> used.purpose_id then 'another purpose'
            else 'covered'
        end as finding,
        used.uses
    from grant_day as used
    inner join grant_window as granted on used.grant_id = granted.grant_id
)

select
    day,
    known_from,
    known_until,
    is_in_force,
    finding,
    cast(sum(uses) as bigint) as events
from judged
group by day, known_from, known_until, is_in_force, finding
order by day, known_from, known_until, is_in_force, finding;
