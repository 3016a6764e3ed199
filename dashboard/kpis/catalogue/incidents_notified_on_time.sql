/* ---
title: Breaches notified in time
question: Which share of the personal-data breaches of the last two years was notified to the authority within 72 hours?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 100
law: GDPR Art. 33(1)
population: Every personal-data breach detected in the two years that end on the day and either notified by then or past its deadline.
exclusions: Incidents that are no personal-data breach; breaches whose deadline has not passed.
row_title: breach
key: [incident_id]
columns:
  incident_id: Incident
  title: Title
  severity: Severity
  detected_on: Detected
  notify_by: Deadline
  notified_on: Notified
sources: [incidents]
caveats:
  - The export knows days, not hours; 72 hours are counted as three days.
  - A breach that need not be notified because no risk is likely (Art. 33(1)) still counts; say so in its incident.
what_would_change_it: Notifying with reasons for the delay, and rehearsing the incident runbook.
since: 2026-11-20
--- */
select
    breach.incident_id,
    breach.title,
    breach.severity,
    breach.detected_on,
    breach.notify_by,
    breach.notified_on,
    breach.notified_on is not null
    and breach.notified_on <= $as_of
    and breach.notified_on <= breach.notify_by as is_met
from breach_deadline as breach
inner join reporting_day
    on breach.detected_on > reporting_day.years_2_before and breach.detected_on <= reporting_day.day
where
    reporting_day.day = $as_of
    and (breach.notify_by < $as_of or breach.notified_on <= $as_of)
order by detected_on, incident_id
