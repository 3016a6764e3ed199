/* Which state did each of our own assessments have from when to when, how it came there, and from which
   day on had it been there for more than 30 days? */
create table assessment_step as
with followed as (
    select
        *,
        lead(taken_on, 1, date '9999-12-31') over (
            partition by assessment_id order by number
        ) as left_on
    from record_step
)

select
    assessment_id,
    project_id,
    template,
    number,
    round,
    step,
    to_state,
    taken_on,
    left_on,
    cast(taken_on + interval 31 day as date) as long_from
from followed
order by assessment_id, number;
