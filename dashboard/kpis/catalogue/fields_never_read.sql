/* ---
title: Fields that nobody reads
question: How many fields do we keep without having read them in half a year?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 20
law: GDPR Art. 5(1)(c) (data minimisation) and 25(1)
population: Every field of a dataset in use that was created more than 180 days ago.
row_title: field
key: [dataset_id, field]
columns:
  dataset_id: Dataset
  field: Field
  declared_category: Declared as
  last_read_on: Last read
sources: [datasets, dataset_fields]
caveats:
  - The inventory keeps only the last reading, so a field that was read since counts as read on earlier days of the trend too.
what_would_change_it: Dropping the field, or stating why it must be kept.
since: 2026-11-20
--- */
select
    field.dataset_id,
    field.field,
    field.declared_category,
    field.last_read_on,
    field.last_read_on is not null and field.last_read_on >= reporting_day.days_180_before as is_met
from dataset_fields as field
inner join datasets on field.dataset_id = datasets.dataset_id
inner join reporting_day on datasets.created_on < reporting_day.days_180_before
where
    reporting_day.day = $as_of
    and field.known_from <= $as_of and field.known_until > $as_of
    and datasets.known_from <= $as_of and datasets.known_until > $as_of
    and (datasets.retired_on is null or datasets.retired_on > $as_of)
order by dataset_id, field
