/* By which day must a rights request be answered (GDPR Art. 12(3)), and how many days did it take?
   Its due day, or the day to which it was extended: never more than two further months. */
create table rights_deadline as
select
    request_id,
    kind,
    channel,
    received_on,
    due_on,
    extended_to,
    closed_on,
    outcome,
    least(coalesce(extended_to, due_on), cast(due_on + to_months(2) as date)) as deadline_on,
    date_diff('day', received_on, closed_on) as days_taken
from rights_requests
order by request_id;
