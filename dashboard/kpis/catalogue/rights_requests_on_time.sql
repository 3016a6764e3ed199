/* ---
title: Rights requests answered in time
question: Which share of the data subjects' requests of the last year was answered by its deadline?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 95
law: GDPR Art. 12(3) (one month, two further months where necessary)
population: Every request received in the year that ends on the day and either closed by then or past its deadline.
exclusions: Open requests whose deadline has not passed.
row_title: rights request
key: [request_id]
columns:
  request_id: Request
  kind: Right
  channel: Channel
  received_on: Received
  deadline_on: Deadline
  closed_on: Closed
sources: [rights_requests]
caveats:
  - The deadline is the due day, or the day to which it was extended, at most two further months.
  - Requests that were withdrawn count by the day on which they were closed.
what_would_change_it: Answering the open requests, and extending in time with reasons where Art. 12(3) allows it.
since: 2026-11-20
--- */
select
    request.request_id,
    request.kind,
    request.channel,
    request.received_on,
    request.deadline_on,
    request.closed_on,
    request.closed_on is not null
    and request.closed_on <= $as_of
    and request.closed_on <= request.deadline_on as is_met
from rights_deadline as request
inner join reporting_day
    on request.received_on > reporting_day.year_before and request.received_on <= reporting_day.day
where
    reporting_day.day = $as_of
    and (request.deadline_on < $as_of or request.closed_on <= $as_of)
order by received_on, request_id
