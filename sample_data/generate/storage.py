"""What was stored when: weekly observations, legal holds and deletion runs.

Deletion runs monthly on the 5th (weekly on Wednesdays for short retention) and each run removes what
would pass its window before the next run. Where a deletion stopped, the oldest record stays.
"""

import hashlib
from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import Row
from sample_data.generate.dates import AS_OF, WEEKS, add_duration, days_in
from sample_data.generate.problems import EXACT_BORDER, HOLDS, STOPPED

MONTHLY_REACH = timedelta(days=38)
WEEKLY_REACH = timedelta(days=10)
FIRST_RUN = date(2026, 3, 1)
SHORT = 100


def run_days(retention: str, first: date, last: date) -> list[date]:
    """Days on which deletion of a dataset is due."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if days_in(retention) <= SHORT:
        return [day for day in days if day.weekday() == 2]
    return [day for day in days if day.day == 5]


def _reach(retention: str) -> timedelta:
    return WEEKLY_REACH if days_in(retention) <= SHORT else MONTHLY_REACH


def oldest_record(dataset: Row, day: date) -> date:
    """Date of the oldest record seen on a day."""
    created = date.fromisoformat(dataset["created_on"])
    border = EXACT_BORDER.get(dataset["dataset_id"])
    if border and day == AS_OF:
        return border
    stopped = STOPPED.get(dataset["dataset_id"])
    if stopped and stopped.last_success is None:
        return created
    last = run_days(dataset["retention_period"], day - timedelta(days=40), day)[-1]
    if stopped and stopped.last_success and day > stopped.last_success:
        frozen = stopped.resumed is None or day < stopped.resumed
        last = stopped.last_success if frozen else max(last, stopped.resumed or last)
    kept_from = add_duration(
        last + _reach(dataset["retention_period"]), dataset["retention_period"], -1
    )
    return max(created, kept_from)


def build_observations(datasets: list[Row], rng: Random) -> list[Row]:
    """Age and size of each dataset on thirty Fridays."""
    observations = []
    for dataset in datasets:
        width, growth = rng.randrange(40, 260), rng.uniform(0.0002, 0.006)
        for week, day in enumerate(WEEKS):
            if dataset["retired_on"] and day > dataset["retired_on"]:
                continue
            noise = 1 + rng.uniform(-0.002, 0.002)
            count = int(int(dataset["row_count"]) * (1 - growth * (29 - week)) * noise)
            observations.append(
                {
                    "dataset_id": dataset["dataset_id"],
                    "observed_on": day,
                    "oldest_record_on": oldest_record(dataset, day),
                    "row_count": count,
                    "size_bytes": count * width,
                }
            )
    return sorted(observations, key=lambda row: (row["observed_on"], row["dataset_id"]))


def build_holds() -> list[Row]:
    """Legal holds, ordered by privacy counsel."""
    return [
        {
            "hold_id": f"h-{number:02d}",
            "dataset_id": hold.dataset_id,
            "matter": hold.matter,
            "starts_on": hold.starts_on,
            "ends_on": hold.ends_on,
            "ordered_by": "p-003",
        }
        for number, hold in enumerate(HOLDS, start=1)
    ]


def is_held(dataset_id: str, day: date) -> bool:
    """Whether a hold is active: both ends included."""
    return any(
        hold.dataset_id == dataset_id
        and hold.starts_on <= day
        and (hold.ends_on is None or hold.ends_on >= day)
        for hold in HOLDS
    )


def build_deletion_runs(datasets: list[Row], rng: Random) -> list[Row]:
    """Planned deletions with their outcome; nothing is planned while a hold is active."""
    runs: list[Row] = []
    for dataset in datasets:
        for due in _due_days(dataset):
            if not is_held(dataset["dataset_id"], due):
                runs.append(_run(dataset, due, rng))
    runs.sort(key=lambda run: (run["due_on"], run["dataset_id"]))
    for number, run in enumerate(runs, start=1):
        run["run_id"] = f"dr-{number:05d}"
        if run["executed_on"]:
            seal = f"{run['run_id']} {run['dataset_id']} {run['rows_deleted']}"
            run["proof_sha256"] = hashlib.sha256(seal.encode()).hexdigest()
    return runs


def _due_days(dataset: Row) -> list[date]:
    created = date.fromisoformat(dataset["created_on"])
    first_expiry = add_duration(created, dataset["retention_period"])
    stopped = STOPPED.get(dataset["dataset_id"])
    if dataset["retired_on"]:
        return [dataset["retired_on"]]
    if stopped and stopped.last_success is None:
        return _one_missed_run(dataset["dataset_id"], first_expiry)
    if first_expiry > AS_OF + timedelta(days=60):
        return []
    return run_days(dataset["retention_period"], FIRST_RUN, AS_OF + timedelta(days=20))


def _one_missed_run(dataset_id: str, expiry: date) -> list[date]:
    ends = [h.ends_on for h in HOLDS if h.dataset_id == dataset_id]
    if None in ends:
        return []
    return [max([expiry, *(end for end in ends if end)]) + timedelta(days=5)]


def _run(dataset: Row, due: date, rng: Random) -> Row:
    stopped = STOPPED.get(dataset["dataset_id"])
    executed: date | None = due + timedelta(days=rng.choice([0, 0, 0, 0, 1, 1, 2]))
    if due > AS_OF:
        executed = None
    elif stopped and not dataset["retired_on"]:
        if stopped.last_success is None:
            executed = None
        elif due > stopped.last_success and not (stopped.resumed and due >= stopped.resumed):
            executed = stopped.resumed
    status = "done" if executed else "failed" if _failed(due) else "planned"
    rows = int(int(dataset["row_count"]) * rng.uniform(0.003, 0.02))
    return {
        "run_id": "",
        "dataset_id": dataset["dataset_id"],
        "due_on": due,
        "executed_on": executed,
        "rows_deleted": rows if executed else None,
        "proof_sha256": None,
        "status": status,
    }


def _failed(due: date) -> bool:
    """Of the missed runs, those on even days of the year ended with an error."""
    return due <= AS_OF and due.timetuple().tm_yday % 2 == 0
