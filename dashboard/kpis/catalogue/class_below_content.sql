/* ---
title: Datasets classified below their content
question: How many datasets hold fields that ask for a higher class than they have?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 3
law: GDPR Art. 9(1), 10 and 32(2) (the level of protection follows the risk)
population: Every dataset in use with at least one field in the inventory.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  owner_id: Owner
  classification: Class
  fields_above: Fields that ask for more
  needs_class: Class that they ask for
sources: [datasets, dataset_fields]
optional_sources: [field_scans]
caveats:
  - Special categories and offences ask for the class of special categories, any other personal data for more than public.
  - Fields count as what they are declared as and as what a scan found in them.
what_would_change_it: Raising the class, with the controls that it needs, or removing the fields.
since: 2026-11-24
--- */
with content as (
    select dataset_id, field, declared_category as category
    from dataset_fields
    where known_from <= $as_of and known_until > $as_of
    union
    select dataset_id, field, category
    from field_evidence
    where known_from <= $as_of and known_until > $as_of
),

demanded as (
    select
        content.dataset_id,
        content.field,
        max(case
            when category.is_special or content.category = 'offence' then 2
            when category.is_personal then 1
            else 0
        end) as demand
    from content
    left join data_category as category on content.category = category.category
    group by content.dataset_id, content.field
),

held as (
    select
        dataset_id,
        owner_id,
        classification,
        case
            when classification = 'special_category' then 2
            when classification = 'public' then 0
            else 1
        end as allowed
    from datasets
    where
        known_from <= $as_of and known_until > $as_of
        and created_on <= $as_of and (retired_on is null or retired_on > $as_of)
)

select
    held.dataset_id,
    held.owner_id,
    held.classification,
    count(*) filter (where demanded.demand > held.allowed) as fields_above,
    case
        when max(demanded.demand) > held.allowed and max(demanded.demand) = 2 then 'special_category'
        when max(demanded.demand) > held.allowed then 'confidential'
    end as needs_class,
    max(demanded.demand) <= held.allowed as is_met
from held
inner join demanded on held.dataset_id = demanded.dataset_id
group by held.dataset_id, held.owner_id, held.classification, held.allowed
order by dataset_id
