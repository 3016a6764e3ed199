/* How old was the oldest record of each dataset at each observation, and until which day may it be kept?
   The period is the one declared at the time: ISO 8601, counted by the calendar, years and months first
   (31 January + P1M = 28 February), weeks and days after them. One row holds from known_from until known_until. */
create table dataset_age as
with observation as (
    select
        dataset_id,
        observed_on,
        lead(observed_on, 1, date '9999-12-31') over (
            partition by dataset_id order by observed_on
        ) as next_observed_on,
        oldest_record_on,
        row_count
    from dataset_observations
),

period as (
    select
        dataset_id,
        known_from,
        known_until,
        retention_period,
        12 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)Y', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)M', 1) as integer), 0) as months,
        7 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)W', 1) as integer), 0)
        + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)D', 1) as integer), 0) as days
    from datasets
)

select
    observation.dataset_id,
    observation.observed_on,
    observation.oldest_record_on,
    observation.row_count,
    period.retention_period,
    cast(
        observation.oldest_record_on + to_months(period.months) + to_days(period.days) as date
    ) as keep_until,
    greatest(observation.observed_on, period.known_from) as known_from,
    least(observation.next_observed_on, period.known_until) as known_until
from observation
inner join period on observation.dataset_id = period.dataset_id
where greatest(observation.observed_on, period.known_from)
    < least(observation.next_observed_on, period.known_until)
order by observation.dataset_id, known_from;
