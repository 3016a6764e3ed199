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
  detected_category: Found
  found_by: Found by
  detected_share: Share of values
  share_low: At least
  share_high: At most
  masked: Shape
  action_id: Action
sources: [datasets, dataset_fields]
optional_sources: [field_scans, record_action]
caveats:
  - A field that no scan has read counts as declared correctly; nothing was found in it.
  - Personal data declared as another personal category counts as declared, unless the scan found a special category.
  - A finding that somebody dismissed with a reason counts as declared from that day on; a newly found category does not.
  - The interval is that of a scan which counted, at 95 %; the inventory's own scan states a share alone.
what_would_change_it: Declaring the category that was found, removing the data, or saying why it is not personal data.
since: 2026-11-20
--- */
with finding as (
    select
        evidence.*,
        (coalesce(detected.is_personal, false) and not coalesce(declared.is_personal, false))
        or (coalesce(detected.is_special, false) and not coalesce(declared.is_special, false))
            as is_undeclared
    from field_evidence as evidence
    inner join dataset_fields as field
        on evidence.dataset_id = field.dataset_id and evidence.field = field.field
    left join data_category as declared on field.declared_category = declared.category
    left join data_category as detected on evidence.category = detected.category
    where
        evidence.known_from <= $as_of and evidence.known_until > $as_of
        and field.known_from <= $as_of and field.known_until > $as_of
),

promised as (
    select
        origin_ref,
        max(case when closed_on is null or closed_on > $as_of then action_id end) as open_action,
        max(case when status = 'dropped' and closed_on <= $as_of then action_id end) as dismissal
    from record_action
    where origin = 'field' and added_on <= $as_of
    group by origin_ref
),

ranked as (
    select
        finding.*,
        finding.is_undeclared and promised.dismissal is null as is_open,
        coalesce(promised.open_action, promised.dismissal) as action_id,
        row_number() over (
            partition by finding.dataset_id, finding.field
            order by
                finding.is_undeclared and promised.dismissal is null desc,
                finding.is_undeclared desc,
                finding.low desc,
                finding.share desc,
                finding.category asc,
                finding.found_by asc
        ) as place
    from finding
    left join promised on finding.finding_ref = promised.origin_ref
)

select
    field.dataset_id,
    field.field,
    field.declared_category,
    ranked.category as detected_category,
    ranked.found_by,
    ranked.share as detected_share,
    ranked.low as share_low,
    ranked.high as share_high,
    ranked.masked,
    ranked.action_id,
    not coalesce(ranked.is_open, false) as is_met
from dataset_fields as field
inner join datasets on field.dataset_id = datasets.dataset_id
left join ranked
    on field.dataset_id = ranked.dataset_id and field.field = ranked.field and ranked.place = 1
where
    field.known_from <= $as_of and field.known_until > $as_of
    and datasets.known_from <= $as_of and datasets.known_until > $as_of
    and datasets.created_on <= $as_of
    and (datasets.retired_on is null or datasets.retired_on > $as_of)
order by dataset_id, field
