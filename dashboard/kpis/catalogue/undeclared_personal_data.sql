/* ---
title: Fields with undeclared personal data
question: How many fields hold personal data that the inventory does not declare?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(2), 9(1) and 30(1)(c)
population: Every field of the datasets in the inventory.
exclusions: Fields of datasets that were retired.
row_title: field
key: [dataset_id, field]
columns:
  dataset_id: Dataset
  field: Field
  declared_category: Declared as
  detected_category: A scan found
  detected_share: Share of values
sources: [datasets, dataset_fields]
caveats:
  - A field that no scan has read counts as declared correctly; nothing was found in it.
  - Personal data declared as another personal category counts as declared, unless the scan found a special category.
what_would_change_it: Declaring the category that was found, or removing the data.
since: 2026-11-20
--- */
select
    field.dataset_id,
    field.field,
    field.declared_category,
    field.detected_category,
    field.detected_share,
    not (
        (coalesce(detected.is_personal, false) and not coalesce(declared.is_personal, false))
        or (coalesce(detected.is_special, false) and not coalesce(declared.is_special, false))
    ) as is_met
from dataset_fields as field
inner join datasets on field.dataset_id = datasets.dataset_id
left join data_category as declared on field.declared_category = declared.category
left join data_category as detected on field.detected_category = detected.category
where
    field.known_from <= $as_of and field.known_until > $as_of
    and datasets.known_from <= $as_of and datasets.known_until > $as_of
    and datasets.created_on <= $as_of
    and (datasets.retired_on is null or datasets.retired_on > $as_of)
order by dataset_id, field
