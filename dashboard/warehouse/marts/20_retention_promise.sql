/* How long may data be kept: by the dataset's own period, and by the period in the record of processing
   (GDPR Art. 30(1)(f))? Periods are compared by the day on which they end when counted from 1 January 2000. */
create table retention_promise as
with period as (
    select 'dataset' as subject_kind, dataset_id as subject_id, retention_period, known_from, known_until
    from datasets
    union all
    select 'activity' as subject_kind, activity_id as subject_id, retention_period, known_from, known_until
    from processing_activities
),

counted as (
    select
        *,
        12 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)Y', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)M', 1) as integer), 0) as months,
        7 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)W', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)D', 1) as integer), 0) as days
    from period
)

select
    subject_kind,
    subject_id,
    retention_period,
    cast(date '2000-01-01' + to_months(months) + to_days(days) as date) as ends_on,
    known_from,
    known_until
from counted
order by subject_kind, subject_id, known_from;
