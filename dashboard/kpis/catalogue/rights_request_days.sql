/* ---
title: Days to answer a rights request
question: How many days did half of the requests that were closed in the last half year take at most?
owner: Data protection officer
unit: days
direction: lower
aggregate: median
score: days_taken
target: 21
warn: 28
law: GDPR Art. 12(3) (without undue delay)
population: Every request closed in the 26 weeks that end on the day.
exclusions: Open requests; they are in rights_requests_on_time.
row_title: rights request
key: [request_id]
columns:
  request_id: Request
  kind: Right
  channel: Channel
  received_on: Received
  closed_on: Closed
  days_taken: Days
sources: [rights_requests]
caveats:
  - The median hides long ones; a row fails when it took more than 30 days.
what_would_change_it: Finding the requests' data faster, and answering simple ones at once.
since: 2026-11-20
--- */
select
    request.request_id,
    request.kind,
    request.channel,
    request.received_on,
    request.closed_on,
    request.days_taken,
    request.days_taken <= 30 as is_met
from rights_deadline as request
inner join reporting_day
    on request.closed_on > reporting_day.days_182_before and request.closed_on <= reporting_day.day
where reporting_day.day = $as_of
order by days_taken desc, request_id
