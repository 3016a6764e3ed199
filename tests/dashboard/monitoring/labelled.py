"""A labelled log: people with habits, teams, busy months' ends and new projects, and planted misuse of three kinds.

Nobody's real behaviour stands behind it; it orders methods, and says nothing about the level they reach
elsewhere. Planted: a day of four to eight times the volume, a day on datasets that the person never
used, a day of bulk reading at night. Not misuse, and meant to look like it: everybody's month's end, and
people who begin a project with new datasets together with their team.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import duckdb
import numpy as np
import pandas as pd

START = date(2026, 3, 2)
WARM = 40
TEAM = 12


@dataclass(frozen=True, slots=True)
class Labelled:
    """A warehouse with the events, and the planted (actor, day) pairs."""

    warehouse: duckdb.DuckDBPyConnection
    first: date
    last: date
    planted: frozenset[tuple[str, date]]


def make_labelled(people: int, days: int, planted: int, seed: int) -> Labelled:
    """People in teams of twelve, so many scored days after forty of warming up."""
    rng = np.random.default_rng(seed)
    first, last = START + timedelta(days=WARM), START + timedelta(days=WARM + days - 1)
    workdays = [d for n in range(WARM + days) if (d := START + timedelta(days=n)).weekday() < 5]
    scored = [d for d in workdays if d >= first]
    chosen = {
        (int(rng.integers(people)), scored[int(rng.integers(len(scored)))]): kind
        for kind in [n % 3 for n in range(planted)]
    }
    events = [
        event
        for person in range(people)
        for event in _person(person, workdays, chosen, np.random.default_rng([seed, person]))
    ]
    return Labelled(
        _warehouse(events, people), first, last,
        frozenset((f"p-{person}", day) for person, day in chosen),
    )  # fmt: skip


def _person(
    person: int,
    workdays: list[date],
    chosen: dict[tuple[int, date], int],
    rng: np.random.Generator,
) -> list[tuple[str, datetime, str, int]]:
    """Their events: a personal level, three datasets of their own and two of the team."""
    team, level, size = person // TEAM, rng.gamma(4, 2) + 2, float(np.exp(rng.normal(5, 1)))
    own = [f"d-{team}-{n}" for n in rng.choice(8, 3, replace=False)] + [
        f"d-{team}-8",
        f"d-{team}-9",
    ]
    found = []
    for number, day in enumerate(workdays):
        if rng.random() < 0.1:
            continue
        busy = 2.2 if day.day >= 29 else 1.0
        if (number + team) % 25 == 0:
            own.append(f"d-project-{team}-{number}")
        kind = chosen.get((person, day))
        count = int(rng.poisson(level * busy)) + 1
        rows, names, night = size * busy, own, False
        if kind == 0:
            factor = rng.uniform(4, 8)
            count, rows = int(count * factor), rows * factor
        elif kind == 1:
            names = [f"d-{(team + 1 + n) % 97}-{n}" for n in range(6)]
            count = max(count, 6)
        elif kind == 2:
            rows, night = rows * 3, True
        for place in range(count):
            hour = rng.uniform(21, 23.9) if night else float(np.clip(rng.normal(13, 2.6), 5, 20.9))
            name = names[place % len(names)] if kind == 1 else names[int(rng.integers(len(names)))]
            moment = datetime.combine(day, time()) + timedelta(hours=hour)
            found.append((f"p-{person}", moment, name, int(rng.exponential(rows)) + 1))
    return found


def _warehouse(
    events: list[tuple[str, datetime, str, int]], people: int
) -> duckdb.DuckDBPyConnection:
    log = pd.DataFrame(events, columns=["actor_id", "ts", "dataset_id", "rows_read"])
    staff = pd.DataFrame(
        {"person_id": [f"p-{n}" for n in range(people)], "team": [f"t-{n // TEAM}" for n in range(people)]}
    )  # fmt: skip
    made = duckdb.connect()
    made.register("log", log)
    made.register("staff", staff)
    made.execute("create table access_use as select *, cast(ts as date) as day from log")
    made.execute("create table people as select *, date '9999-12-31' as known_until from staff")
    return made
