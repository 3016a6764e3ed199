/* ---
title: Fields that sound personal and were never looked into
question: How many fields have a name of personal data, are declared as none, and were never scanned?
owner: Head of data engineering
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 10
law: GDPR Art. 5(2), 9(1) and 30(1)(c)
population: Every field of the datasets in use whose name suggests personal data, or a special category.
row_title: field
key: [dataset_id, field]
columns:
  dataset_id: Dataset
  field: Field
  declared_category: Declared as
  suggested_category: The name suggests
  action_id: Action
sources: [datasets, dataset_fields]
optional_sources: [field_scans, record_action]
caveats:
  - A name is a reason to look, never a finding; which names are meant is the pack field_names.
  - A scan by this product counts as having looked, whatever it found; what it found is another KPI.
what_would_change_it: Declaring the category, scanning a sample of the field, or saying why it is not personal data.
since: 2026-11-24
--- */
with suspicion as (
    select
        hint.dataset_id,
        hint.field,
        field.declared_category,
        hint.category,
        hint.finding_ref,
        not (
            coalesce(declared.is_special, false)
            or (coalesce(declared.is_personal, false) and not suggested.is_special)
        ) as is_undeclared
    from field_name_hint as hint
    inner join dataset_fields as field
        on
            hint.dataset_id = field.dataset_id and hint.field = field.field
            and hint.known_from = field.known_from
    inner join datasets on hint.dataset_id = datasets.dataset_id
    inner join data_category as suggested on hint.category = suggested.category
    left join data_category as declared on field.declared_category = declared.category
    where
        hint.known_from <= $as_of and hint.known_until > $as_of
        and datasets.known_from <= $as_of and datasets.known_until > $as_of
        and datasets.created_on <= $as_of
        and (datasets.retired_on is null or datasets.retired_on > $as_of)
),

looked as (
    select dataset_id, field, max(scanned_on) as scanned_on
    from field_scans
    where scanned_on <= $as_of
    group by dataset_id, field
),

promised as (
    select
        origin_ref,
        max(action_id) as action_id,
        max(case when status = 'dropped' and closed_on <= $as_of then 1 else 0 end) as is_dismissed
    from record_action
    where origin = 'field' and added_on <= $as_of
    group by origin_ref
),

ranked as (
    select
        suspicion.*,
        promised.action_id,
        suspicion.is_undeclared and looked.scanned_on is null
        and coalesce(promised.is_dismissed, 0) = 0 as is_open,
        row_number() over (
            partition by suspicion.dataset_id, suspicion.field
            order by
                suspicion.is_undeclared and coalesce(promised.is_dismissed, 0) = 0 desc,
                suspicion.category asc
        ) as place
    from suspicion
    left join looked
        on suspicion.dataset_id = looked.dataset_id and suspicion.field = looked.field
    left join promised on suspicion.finding_ref = promised.origin_ref
)

select
    dataset_id,
    field,
    declared_category,
    category as suggested_category,
    action_id,
    not is_open as is_met
from ranked
where place = 1
order by dataset_id, field
