/* Which days of which actors differ most both from their own habit and from their peers on that day?
   Four signals, each as ln(1 + x): events, rows read, events outside 07:00 to 19:00 UTC or at a weekend,
   datasets never used before. Robust z = (x - median) / (1.4826 MAD + 0.25): against the own 28 days before of
   the same kind of day (five at least), and against the peers of the day (team, or everybody while a team has
   fewer than eight active). A signal counts as the smaller of the two; the score is the largest signal. */
with used as (
    select
        actor_id,
        cast(ts as date) as day,
        dataset_id,
        count(*) as events,
        coalesce(sum(rows_read), 0) as rows_read,
        count(*) filter (where hour(ts) < 7 or hour(ts) >= 19 or isodow(ts) > 5) as off_hours
    from access_use
    where cast(ts as date) > $first - 29 and cast(ts as date) <= $last
    group by actor_id, cast(ts as date), dataset_id
),

first_use as (
    select actor_id, dataset_id, min(day) as first_day
    from access_use
    where day <= $last
    group by actor_id, dataset_id
),

actor_day as (
    select
        used.actor_id,
        used.day,
        isodow(used.day) > 5 as is_weekend,
        sum(used.events) as events,
        sum(used.rows_read) as rows_read,
        sum(used.off_hours) as off_hours,
        count(*) filter (where first_use.first_day = used.day) as new_datasets
    from used
    inner join first_use on used.actor_id = first_use.actor_id and used.dataset_id = first_use.dataset_id
    group by used.actor_id, used.day
),

signal as (
    select actor_id, day, is_weekend, name, amount, ln(1 + amount) as x
    from (
        unpivot (
            select
                actor_id, day, is_weekend,
                cast(events as bigint) as events,
                cast(rows_read as bigint) as rows_read,
                cast(off_hours as bigint) as off_hours,
                cast(new_datasets as bigint) as new_datasets
            from actor_day
        ) on events, rows_read, off_hours, new_datasets into name name value amount
    )
),

own as (
    select
        *,
        median(x) over habit as own_median,
        mad(x) over habit as own_mad,
        count(*) over habit as own_days
    from signal
    window habit as (
        partition by actor_id, name, is_weekend order by day
        range between interval 28 days preceding and interval 1 day preceding
    )
),

placed as (
    select own.*, coalesce(people.team, 'no team') as team
    from own
    left join people on own.actor_id = people.person_id and people.known_until = date '9999-12-31'
    where own.day between $first and $last
),

peers as (
    select
        *,
        count(*) over (partition by day, name, team) as team_size,
        count(*) over (partition by day, name) as all_size,
        median(x) over (partition by day, name, team) as team_median,
        mad(x) over (partition by day, name, team) as team_mad,
        median(x) over (partition by day, name) as all_median,
        mad(x) over (partition by day, name) as all_mad
    from placed
),

judged as (
    select
        actor_id,
        day,
        name,
        amount,
        own_days,
        exp(own_median) - 1 as own_usual,
        case when team_size >= 8 then team else 'everybody' end as peer_group,
        case when team_size >= 8 then team_size else all_size end as peer_size,
        exp(case when team_size >= 8 then team_median else all_median end) - 1 as peer_usual,
        (x - own_median) / (1.4826 * own_mad + 0.25) as own_z,
        case
            when team_size >= 8 then (x - team_median) / (1.4826 * team_mad + 0.25)
            else (x - all_median) / (1.4826 * all_mad + 0.25)
        end as peer_z
    from peers
    where own_days >= 5
),

ranked as (
    select
        *,
        least(own_z, peer_z) as score,
        row_number() over (
            partition by actor_id, day order by least(own_z, peer_z) desc, name
        ) as place
    from judged
)

select actor_id, day, name, amount, own_usual, own_days, peer_group, peer_size, peer_usual, own_z, peer_z, score
from ranked
where place = 1
order by score desc, day, actor_id
