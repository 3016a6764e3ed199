/* ---
title: Drills passed within a year
question: What share of the scenarios that we plan to rehearse was passed in a drill within the last year?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 60
law: GDPR Art. 32(1)(d) (testing whether measures work), 33 and 34
population: Every scenario of the drill plan.
row_title: scenario
key: [scenario]
columns:
  scenario: Scenario
  last_held_on: Last held
  last_passed_on: Last passed
  findings_open: Findings open
sources: [drills]
caveats:
  - The plan is the pack drill_plan.
  - Whether a drill was passed is what its leader reported.
what_would_change_it: Holding the drill again, and closing its findings.
since: 2026-11-24
--- */
with history as (
    select
        scenario,
        max(held_on) as last_held_on,
        max(case when passed then held_on end) as last_passed_on,
        sum(findings_open) as findings_open
    from drills
    where held_on <= $as_of
    group by scenario
)

select
    drill_plan.scenario,
    history.last_held_on,
    history.last_passed_on,
    history.findings_open,
    coalesce(history.last_passed_on > reporting_day.year_before, false) as is_met
from drill_plan
inner join reporting_day on reporting_day.day = $as_of
left join history on drill_plan.scenario = history.scenario
order by scenario
