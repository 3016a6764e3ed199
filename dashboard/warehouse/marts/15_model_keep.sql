/* Until which day may a model be kept after it was trained? Same calendar rule as for datasets. */
create table model_keep as
with period as (
    select
        *,
        12 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)Y', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)M', 1) as integer), 0) as months,
        7 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)W', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)D', 1) as integer), 0) as days
    from models
)

select
    model_id,
    retention_period,
    cast(trained_on + to_months(months) + to_days(days) as date) as keep_until,
    known_from,
    known_until
from period
order by model_id, known_from;
