/* ---
title: Consent purposes with a consent in force
question: Which share of the purposes that rest on consent and were used in the last four weeks has a consent in force?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 100
law: GDPR Art. 6(1)(a), 7(1) and 7(3)
population: Every purpose with the lawful basis consent for which data was accessed in the 28 days that end on the day.
row_title: purpose
key: [purpose_id]
columns:
  purpose_id: Purpose
  purpose_name: Name
  consents: Consents in force
  withdrawn: Withdrawn
sources: [purposes, consents, access_events]
caveats:
  - Exports name people and purposes but not which person's data an access read, so this shows that consents exist, not that each access had one.
what_would_change_it: Ending the use of a purpose that nobody consents to.
since: 2026-11-20
--- */
with used as (
    select distinct purpose_day.purpose_id
    from purpose_day
    inner join reporting_day
        on purpose_day.day > reporting_day.days_28_before and purpose_day.day <= reporting_day.day
    where reporting_day.day = $as_of
),

given as (
    select
        purpose_id,
        count(*) filter (where withdrawn_on is null or withdrawn_on > $as_of) as consents,
        count(*) filter (where withdrawn_on <= $as_of) as withdrawn
    from consent_end
    where given_on <= $as_of
    group by purpose_id
)

select
    purpose.purpose_id,
    purpose.name as purpose_name,
    coalesce(given.consents, 0) as consents,
    coalesce(given.withdrawn, 0) as withdrawn,
    coalesce(given.consents, 0) > 0 as is_met
from purposes as purpose
inner join used on purpose.purpose_id = used.purpose_id
left join given on purpose.purpose_id = given.purpose_id
where
    purpose.known_from <= $as_of and purpose.known_until > $as_of
    and purpose.lawful_basis = 'consent'
order by purpose_id
