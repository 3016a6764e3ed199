/* ---
title: Synthetic share of exploration
question: What share of the datasets that people explored in notebooks was synthetic or not about people?
owner: Head of data engineering
unit: percent
direction: higher
aggregate: share_met
target: 30
warn: 15
law: GDPR Art. 5(1)(c) (data minimisation) and 25(1)
population: Every dataset in the inventory that a notebook read successfully in the 26 weeks that end on the day.
row_title: dataset
key: [dataset_id]
columns:
  dataset_id: Dataset
  owner_id: Owner
  origin: Origin
  classification: Class
  masking: Masking
  uses: Reads
  readers: Readers
sources: [access_events, datasets]
fresh: {kind: access_events, days: 7}
caveats:
  - Synthetic is what the inventory calls synthetic; whether it is safe is what its leakage says.
  - Public and aggregated data counts as not about people.
  - Datasets count alike, however often they were read.
what_would_change_it: Offering a synthetic twin of the datasets that are explored most, and closing the originals to notebooks.
since: 2026-11-24
--- */
with explored as (
    select used.dataset_id, count(*) as uses, count(distinct used.actor_id) as readers
    from access_use as used
    inner join reporting_day
        on used.day > reporting_day.days_182_before and used.day <= reporting_day.day
    where reporting_day.day = $as_of and used.client = 'notebook'
    group by used.dataset_id
)

select
    explored.dataset_id,
    datasets.owner_id,
    datasets.origin,
    datasets.classification,
    datasets.masking,
    explored.uses,
    explored.readers,
    datasets.origin = 'synthetic' or datasets.classification = 'public' or datasets.masking = 'aggregated' as is_met
from explored
inner join datasets on explored.dataset_id = datasets.dataset_id
where datasets.known_from <= $as_of and datasets.known_until > $as_of
order by dataset_id
-- counted
with used as (
    select client_month.dataset_id
    from client_month
    inner join reporting_day
        on client_month.month >= reporting_day.whole_months_from
        and client_month.month < reporting_day.whole_months_until
    where reporting_day.day = $as_of and client_month.client = 'notebook'
    union all
    select client_day.dataset_id
    from client_day
    inner join reporting_day
        on client_day.day > reporting_day.days_182_before
        and client_day.day <= reporting_day.day
        and (
            client_day.day < reporting_day.whole_months_from
            or client_day.day >= reporting_day.whole_months_until
        )
    where reporting_day.day = $as_of and client_day.client = 'notebook'
),

explored as (
    select distinct dataset_id
    from used
)

select
    1 as events,
    datasets.origin = 'synthetic' or datasets.classification = 'public' or datasets.masking = 'aggregated' as is_met
from explored
inner join datasets on explored.dataset_id = datasets.dataset_id
where datasets.known_from <= $as_of and datasets.known_until > $as_of
