/* ---
title: Fields in use that the inventory does not list
question: How many fields that scans and access logs show are not in the inventory?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 10
law: GDPR Art. 5(2) and 30(1)(c)
population: Every field of a dataset in use that a scan or an audit log named in the 26 weeks that end on the day.
row_title: field
key: [dataset_id, field]
columns:
  dataset_id: Dataset
  field: Field
  seen_in: Seen in
  last_seen_on: Last seen
  found_category: Found
sources: [datasets, dataset_fields]
optional_sources: [field_scans, audit_events]
caveats:
  - Names are compared in lower case.
  - Only logs that name columns count, such as the access history of Snowflake, and only for resources that the resource map gives a dataset.
what_would_change_it: Listing the field with its category in the inventory, or dropping it.
since: 2026-11-24
--- */
with seen as (
    select dataset_id, lower(field) as field, 'scan' as seen_in, scanned_on as seen_on, category
    from field_scans
    union all
    select dataset_id, field, 'access log' as seen_in, day as seen_on, null as category
    from logged_field
),

newest as (
    select
        seen.dataset_id,
        seen.field,
        max(seen.seen_in) as seen_in,
        max(seen.seen_on) as last_seen_on,
        max(seen.category) as found_category
    from seen
    inner join reporting_day
        on seen.seen_on > reporting_day.days_182_before and seen.seen_on <= reporting_day.day
    where reporting_day.day = $as_of
    group by seen.dataset_id, seen.field
),

listed as (
    select distinct dataset_id, lower(field) as field
    from dataset_fields
    where known_from <= $as_of and known_until > $as_of
)

select
    newest.dataset_id,
    newest.field,
    newest.seen_in,
    newest.last_seen_on,
    newest.found_category,
    listed.field is not null as is_met
from newest
inner join datasets on newest.dataset_id = datasets.dataset_id
left join listed on newest.dataset_id = listed.dataset_id and newest.field = listed.field
where
    datasets.known_from <= $as_of and datasets.known_until > $as_of
    and datasets.created_on <= $as_of
    and (datasets.retired_on is null or datasets.retired_on > $as_of)
order by dataset_id, field
