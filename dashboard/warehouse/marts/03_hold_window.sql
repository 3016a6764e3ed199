/* From which day until which day (inclusive) was a dataset under a legal hold? */
create table hold_window as
select
    hold_id,
    dataset_id,
    matter,
    starts_on as first_day,
    coalesce(ends_on, date '9999-12-31') as last_day,
    known_from,
    known_until
from legal_holds
order by dataset_id, hold_id, known_from;
