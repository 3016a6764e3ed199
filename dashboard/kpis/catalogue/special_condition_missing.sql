/* ---
title: Special categories without an Art. 9 condition
question: How many processing activities with special categories of data do not say which condition allows them?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 0
law: GDPR Art. 9(2)
population: Every processing activity in the record that lists a special category of data.
row_title: processing activity
key: [activity_id]
columns:
  activity_id: Activity
  activity_name: Name
  owner_id: Owner
  categories: Special categories
  special_category_condition: Condition
sources: [processing_activities]
what_would_change_it: Entering the condition of Art. 9(2), or ending the processing of that category.
since: 2026-11-20
--- */
with special as (
    select item.activity_id, count(distinct item.item) as categories
    from activity_item as item
    inner join data_category on item.item = data_category.category
    where
        item.item_kind = 'category' and data_category.is_special
        and item.known_from <= $as_of and item.known_until > $as_of
    group by item.activity_id
)

select
    activity.activity_id,
    activity.name as activity_name,
    activity.owner_id,
    special.categories,
    activity.special_category_condition,
    activity.special_category_condition is not null as is_met
from processing_activities as activity
inner join special on activity.activity_id = special.activity_id
where
    activity.known_from <= $as_of and activity.known_until > $as_of
    and activity.registered_on <= $as_of
order by activity_id
