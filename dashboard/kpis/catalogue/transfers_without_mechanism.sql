/* ---
title: Transfers without a mechanism in the record
question: How many processing activities send data to a third country without saying what the transfer rests on?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 30(1)(e) and 44
population: Every processing activity in the record that was registered by the day.
row_title: processing activity
key: [activity_id]
columns:
  activity_id: Activity
  activity_name: Name
  owner_id: Owner
  countries: Third countries
  transfer_mechanism: Mechanism
sources: [processing_activities]
caveats:
  - Countries of the European Economic Area are no third countries.
what_would_change_it: Entering the mechanism, or ending the transfer.
since: 2026-11-20
--- */
with abroad as (
    select item.activity_id, count(distinct item.item) as countries
    from activity_item as item
    left join eea_country on item.item = eea_country.country
    where
        item.item_kind = 'country' and eea_country.country is null
        and item.known_from <= $as_of and item.known_until > $as_of
    group by item.activity_id
)

select
    activity.activity_id,
    activity.name as activity_name,
    activity.owner_id,
    coalesce(abroad.countries, 0) as countries,
    activity.transfer_mechanism,
    abroad.activity_id is null or activity.transfer_mechanism is not null as is_met
from processing_activities as activity
left join abroad on activity.activity_id = abroad.activity_id
where
    activity.known_from <= $as_of and activity.known_until > $as_of
    and activity.registered_on <= $as_of
order by activity_id
