"""Access events of 120 days: people in office hours, services at night, heavy use by few.

All times lie between 01:00 and 21:00 UTC, so that the day is the same in every European time zone.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from sample_data.generate.authored import Row, items
from sample_data.generate.dates import AS_OF, FIRST_EVENT_DAY
from sample_data.generate.grants import Roles
from sample_data.generate.inventory import active

HUMAN_EVENTS = 141_000
SERVICE_EVENTS = 66_000
DENIED_SHARE = 0.011
DAYS = [FIRST_EVENT_DAY + timedelta(days=n) for n in range(120)]
OFFICE_HOURS = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
OFFICE_RHYTHM = [3, 11, 17, 18, 15, 9, 12, 16, 15, 10, 5, 2, 1]
ACTIONS = ["query"] * 12 + ["read"] * 6 + ["write", "export"]
GUARANTEED = 5
LAST_NAMED = "p-009"

Event = tuple[datetime, str, str, str, str, str | None, int, str, str]


def day_weight(day: date) -> float:
    """Working days count fully, Fridays and August less, weekends hardly at all."""
    weight = [1.0, 1.08, 1.05, 1.0, 0.78, 0.05, 0.03][day.weekday()]
    return weight * (0.74 if day.month == 8 else 1.0)


def build_events(
    datasets: list[Row], grants: list[Row], runs: list[Row], roles: Roles, rng: Random
) -> list[Event]:
    """Clean events of people and services, in the order of time once planted ones are added."""
    events = list(_human(datasets, grants, roles, rng))
    events += _nightly(datasets, rng)
    events += _daily_services(datasets, rng)
    events += _deletions(datasets, runs, rng)
    return events


def usable_days(grant: Row, roles: Roles) -> list[date]:
    """Days on which a grant is used: in force, and for dormant ones more than 100 days ago."""
    last = min(grant["valid_to"], (grant["revoked_on"] or AS_OF + timedelta(days=1)) - _DAY)
    if grant["grant_id"] in roles.dormant:
        last = min(last, AS_OF - timedelta(days=101))
    return [day for day in DAYS if grant["valid_from"] <= day <= last]


_DAY = timedelta(days=1)


def office_time(day: date, rng: Random) -> datetime:
    """A moment of the working day."""
    hour = rng.choices(OFFICE_HOURS, OFFICE_RHYTHM)[0]
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))


def rows_read(rng: Random, middle: float = 7.0) -> int:
    """Rows touched: many small reads and a long tail."""
    return max(1, int(rng.lognormvariate(middle, 1.9)))


def client_of(action: str, rng: Random) -> str:
    """Program in which people work."""
    if action == "export":
        return "bi"
    return rng.choice(["notebook", "notebook", "sql", "sql", "sql", "bi"])


def _human(datasets: list[Row], grants: list[Row], roles: Roles, rng: Random) -> Iterator[Event]:
    usable = [(grant, days) for grant in grants if (days := usable_days(grant, roles))]
    weights = _grant_weights([grant for grant, _ in usable], popularity(datasets), rng)
    counts = Counter(rng.choices(range(len(usable)), weights, k=HUMAN_EVENTS))
    for index, (grant, days) in enumerate(usable):
        chosen = rng.choices(days, [day_weight(day) for day in days], k=counts[index])
        recent = [day for day in days if day > AS_OF - timedelta(days=70)]
        if recent:
            chosen += rng.choices(recent, [day_weight(day) for day in recent], k=GUARANTEED)
        for day in chosen:
            yield human_event(grant, day, rng)


def human_event(grant: Row, day: date, rng: Random, outcome: str | None = None) -> Event:
    """One use of a grant by the person who holds it."""
    action = rng.choice(ACTIONS)
    result = outcome or ("denied" if rng.random() < DENIED_SHARE else "success")
    return (
        office_time(day, rng),
        grant["person_id"],
        grant["dataset_id"],
        action,
        grant["purpose_id"],
        grant["grant_id"],
        rows_read(rng) if result == "success" else 0,
        result,
        client_of(action, rng),
    )


def popularity(datasets: list[Row]) -> dict[str, int]:
    """Rank of each dataset: those that feed many projects first, then the larger ones."""
    ordered = sorted(
        active(datasets),
        key=lambda d: (-len(items(d["project_ids"])), -int(d["row_count"]), d["dataset_id"]),
    )
    return {dataset["dataset_id"]: rank for rank, dataset in enumerate(ordered, start=1)}


def _grant_weights(grants: list[Row], rank_of: dict[str, int], rng: Random) -> list[float]:
    """Few people and few datasets make most of the events; the named people make few."""
    named = sorted({g["person_id"] for g in grants if g["person_id"] <= LAST_NAMED})
    staff = sorted({g["person_id"] for g in grants if g["person_id"] > LAST_NAMED})
    rng.shuffle(staff)
    person_rank = {name: rank for rank, name in enumerate([*staff, *named], start=4)}
    wish = [rank_of[grant["dataset_id"]] ** -0.6 for grant in grants]
    total: dict[str, float] = defaultdict(float)
    for grant, weight in zip(grants, wish, strict=True):
        total[grant["person_id"]] += weight
    return [
        person_rank[grant["person_id"]] ** -1.05 * weight / total[grant["person_id"]]
        for grant, weight in zip(grants, wish, strict=True)
    ]


def _service(dataset: Row, role: str) -> str:
    return f"svc-{dataset['system_id'][2:]}-{role}"


def _nightly(datasets: list[Row], rng: Random) -> Iterator[Event]:
    for dataset in active(datasets):
        purpose = items(dataset["purposes"])[0]
        volume = max(1, int(dataset["row_count"]) // 900)
        for day in DAYS:
            for role, action in (("load", "write"), ("check", "read")):
                at = datetime.combine(
                    day, time(rng.randrange(1, 5), rng.randrange(60), rng.randrange(60))
                )
                count = int(volume * rng.uniform(0.7, 1.3)) + 1
                yield (
                    at, _service(dataset, role), dataset["dataset_id"], action, purpose,
                    None, count, "success", "pipeline",
                )  # fmt: skip


def _daily_services(datasets: list[Row], rng: Random) -> Iterator[Event]:
    rank_of = popularity(datasets)
    served = sorted(active(datasets), key=lambda dataset: rank_of[dataset["dataset_id"]])
    cumulative = list(accumulate(rank**-0.85 for rank in range(1, len(served) + 1)))
    for _ in range(SERVICE_EVENTS):
        dataset = served[bisect_left(cumulative, rng.random() * cumulative[-1])]
        day = rng.choice(DAYS)
        at = datetime.combine(day, time(rng.randrange(5, 20), rng.randrange(60), rng.randrange(60)))
        yield (
            at, _service(dataset, "report"), dataset["dataset_id"], "query",
            rng.choice(items(dataset["purposes"])), None, rows_read(rng, 8.0), "success", "service",
        )  # fmt: skip


def _deletions(datasets: list[Row], runs: list[Row], rng: Random) -> Iterator[Event]:
    by_id = {dataset["dataset_id"]: dataset for dataset in active(datasets)}
    for run in runs:
        day = run["executed_on"]
        if run["dataset_id"] in by_id and day and day >= FIRST_EVENT_DAY:
            dataset = by_id[run["dataset_id"]]
            at = datetime.combine(day, time(4, rng.randrange(60), rng.randrange(60)))
            yield (
                at, _service(dataset, "retention"), dataset["dataset_id"], "delete",
                items(dataset["purposes"])[0], None, run["rows_deleted"], "success", "pipeline",
            )  # fmt: skip
