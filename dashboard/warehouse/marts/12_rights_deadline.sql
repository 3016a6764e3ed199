/* By which day must a rights request be answered (GDPR Art. 12(3))? Its due day, or the day to which it was extended:
   never more than two further months. */
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
    least(coalesce(extended_to, due_on), cast(due_on + to_months(2) as date)) as deadline_on
from rights_requests
order by request_id;
