/* Which control does the class of a dataset need, what is there, and since when has that been so? One row
   a dataset, control and time in which nothing of it changed. What nobody states is not there. */
-- needs: class_control
create table dataset_control as
with change_day as (
    select dataset_id, known_from as day
    from datasets
    union
    select datasets.dataset_id, systems.known_from as day
    from datasets
    inner join systems on datasets.system_id = systems.system_id
    where systems.known_from > datasets.known_from and systems.known_from < datasets.known_until
    union
    select datasets.dataset_id, systems.known_until as day
    from datasets
    inner join systems on datasets.system_id = systems.system_id
    where systems.known_until > datasets.known_from and systems.known_until < datasets.known_until
    union
    select dataset_id, known_until as day
    from datasets
    where known_until < date '9999-12-31'
),

span as (
    select
        dataset_id,
        day as known_from,
        lead(day, 1, date '9999-12-31') over (partition by dataset_id order by day) as known_until
    from change_day
),

promise as (
    select
        dataset_id,
        known_from,
        cast(
            date '2000-01-01'
            + to_months(
                12 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)Y', 1) as integer), 0)
                + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)M', 1) as integer), 0)
            )
            + to_days(
                7 * coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)W', 1) as integer), 0)
                + coalesce(try_cast(regexp_extract(retention_period, '([0-9]+)D', 1) as integer), 0)
            ) as date
        ) as ends_on
    from datasets
),

judged as (
    select
        span.dataset_id,
        dataset.classification,
        needed.control,
        case
            when needed.control = 'encryption' then 'stored data is encrypted'
            when needed.control = 'masking' then 'identities are hidden'
            when needed.control = 'enclave' then 'work inside an enclave'
            else 'kept for at most ' || needed.longest
        end as needed,
        case
            when needed.control = 'masking' then dataset.masking
            when needed.control = 'retention' then dataset.retention_period
            when system.system_id is null then 'the system is not in the inventory'
            when needed.control = 'encryption' and system.encrypted_at_rest then 'encrypted'
            when needed.control = 'encryption' then 'not encrypted'
            when system.enclave then 'enclave'
            when system.enclave is null then 'not stated'
            else 'open system'
        end as present,
        coalesce(
            case
                when needed.control = 'encryption' then system.encrypted_at_rest
                when needed.control = 'masking'
                    then dataset.masking in ('pseudonymised', 'tokenised', 'aggregated')
                when needed.control = 'enclave' then system.enclave
                else promise.ends_on <= needed.longest_until
            end, false
        ) as is_met,
        needed.valid_from,
        span.known_from,
        span.known_until
    from span
    inner join datasets as dataset
        on
            span.dataset_id = dataset.dataset_id
            and dataset.known_from <= span.known_from and dataset.known_until > span.known_from
    inner join class_control as needed on dataset.classification = needed.classification
    left join systems as system
        on
            dataset.system_id = system.system_id
            and system.known_from <= span.known_from and system.known_until > span.known_from
    inner join promise
        on dataset.dataset_id = promise.dataset_id and dataset.known_from = promise.known_from
),

turned as (
    select
        *,
        case
            when
                lag(is_met) over (partition by dataset_id, control order by known_from) = is_met
                and lag(known_until) over (partition by dataset_id, control order by known_from) = known_from
                then 0
            else 1
        end as is_turn
    from judged
),

stretch as (
    select
        *,
        sum(is_turn) over (
            partition by dataset_id, control order by known_from rows unbounded preceding
        ) as number
    from turned
)

select
    dataset_id,
    classification,
    control,
    needed,
    present,
    is_met,
    greatest(valid_from, min(known_from) over (partition by dataset_id, control, number)) as since,
    known_from,
    known_until
from stretch
order by dataset_id, control, known_from;
