"""A year of an audit log with 10,000 people, 5,000 datasets and 120,000 grants; any size, always the same.

Everything follows from the number of a row: the same size and seed give the same files. Activity is
skewed (few grants carry most events), 2 % of events state another purpose than their grant, 1 % use the
grant of somebody else, a tenth name no grant, 3 % are denied. Events are in order of time, one file a month.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

FIRST, DAYS = date(2025, 10, 1), 365
AS_OF = FIRST + timedelta(days=DAYS - 1)
PEOPLE, DATASETS, GRANTS_EACH = 10_000, 5_000, 12
GRANTS = PEOPLE * GRANTS_EACH
SEED = 20261124

MACROS = f"""
create or replace macro share(n, salt) as (hash(n, salt, {SEED}) >> 12) / 4503599627370496.0;
create or replace macro pick(n, salt, among) as cast(floor(share(n, salt) * among) as bigint);
create or replace macro person(n) as 'u-' || n;
create or replace macro dataset(n) as 'd-' || n;
create or replace macro purpose(n) as 'purpose-' || n;
create or replace macro grant_person(g) as person(g // {GRANTS_EACH});
create or replace macro grant_dataset(g) as
    dataset(cast(floor(power(share(g, 1), 1.6) * {DATASETS}) as bigint));
create or replace macro grant_purpose(g) as purpose(pick(g, 2, 7));
"""
LISTS = {
    "purposes": """
        select purpose(n) as purpose_id, if(n % 3 = 0, 'consent', 'contract') as lawful_basis,
               if(n = 1, [purpose(2)], []) as compatible_with
        from range(7) t(n)""",
    "datasets": f"""
        select dataset(n) as dataset_id, list_distinct([purpose(pick(n, 3, 7)), purpose(pick(n, 4, 7)),
               purpose(pick(n, 5, 7)), purpose(1)]) as purposes,
               if(n % 50 = 0, date '{FIRST}' + cast(pick(n, 6, {DAYS}) as integer), null) as retired_on
        from range({DATASETS}) t(n)""",
    "grants": f"""
        select 'g-' || g as grant_id, grant_person(g) as person_id, grant_dataset(g) as dataset_id,
               grant_purpose(g) as purpose_id,
               date '{FIRST}' + cast(pick(g, 7, 400) - 380 as integer) as valid_from,
               date '{FIRST}' + cast(pick(g, 8, 700) + 20 as integer) as valid_to,
               if(g % 40 = 0, date '{FIRST}' + cast(pick(g, 9, {DAYS}) as integer), null) as revoked_on
        from range({GRANTS}) t(g)""",
    "consents": """
        select 'c-' || n as consent_id, purpose(n % 5) as purpose_id,
               timestamp '2024-01-01' + to_days(cast(pick(n, 10, 900) as integer)) as given_at,
               if(n % 2 = 0, timestamp '2026-09-01', null) as withdrawn_at
        from range(2000) t(n)""",
}
EVENTS = f"""
with numbered as (
    select n, cast(floor(power(share(n, 11), 2) * {GRANTS}) as bigint) as g, share(n, 12) as kind
    from range($first, $last) t(n)
)
select 'e-' || n as event_id,
       timestamp '{FIRST}' + to_microseconds(cast(floor(n * {DAYS * 86400e6} / $size) as bigint)) as ts,
       if(kind < 0.01, person(pick(n, 13, {PEOPLE})), grant_person(g)) as actor_id,
       grant_dataset(g) as dataset_id,
       ['read', 'query', 'export', 'write'][1 + pick(n, 14, 4)] as action,
       if(kind between 0.01 and 0.03, purpose(pick(n, 15, 7)), grant_purpose(g)) as purpose_id,
       if(kind > 0.9, null, 'g-' || g) as grant_id,
       pick(n, 16, 5000) as rows_read,
       if(share(n, 17) < 0.03, 'denied', 'success') as outcome,
       ['notebook', 'pipeline', 'bi', 'sql'][1 + pick(n, 18, 4)] as client
from numbered
"""


def write_log(folder: Path, size: int) -> None:
    """The lists as one Parquet file each, the events as one a month."""
    events = folder / "access_events"
    events.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(MACROS)
        for name, text in LISTS.items():
            connection.execute(f"copy ({text}) to '{folder / name}.parquet'")
        for first, last in months():
            bounds = {"first": row_of(first, size), "last": row_of(last, size), "size": size}
            text = EVENTS
            for name, number in bounds.items():
                text = text.replace(f"${name}", str(number))
            target = events / f"{first:%Y-%m}.parquet"
            connection.execute(f"copy ({text}) to '{target}' (compression zstd)")


def months() -> list[tuple[date, date]]:
    """The first day of each month and of the next, within the year of the log."""
    starts = [date(FIRST.year + (FIRST.month + n - 1) // 12, (FIRST.month + n - 1) % 12 + 1, 1) for n in range(13)]  # fmt: skip
    return list(pairwise(starts))


def row_of(day: date, size: int) -> int:
    """The number of the first event that is not before a day."""
    return -(-(day - FIRST).days * size // DAYS)
