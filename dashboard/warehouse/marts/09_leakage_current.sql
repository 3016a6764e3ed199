/* Which measured leakage result counted for a subject and channel on a day: the latest valid one?
   Two results of one day are told apart by their id, the later id counts. */
create table leakage_current as
with ranked as (
    select
        *,
        row_number() over (
            partition by subject_kind, subject_id, channel, measured_on order by result_id desc
        ) as place
    from measured_leakage
    where status = 'valid'
)

select
    result_id,
    subject_kind,
    subject_id,
    channel,
    measure,
    method,
    method_version,
    value,
    low,
    high,
    severity,
    round(100 * severity, 6) as score,
    extent,
    power_check,
    null_check,
    measured_on as known_from,
    lead(measured_on, 1, date '9999-12-31') over (
        partition by subject_kind, subject_id, channel order by measured_on
    ) as known_until
from ranked
where place = 1
order by subject_kind, subject_id, channel, known_from;
