"""Planted events: use for an undeclared purpose, and use after a grant ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import Row
from sample_data.generate.dates import AS_OF, FIRST_EVENT_DAY
from sample_data.generate.events import Event, human_event, office_time, rows_read
from sample_data.generate.grants import Roles
from sample_data.generate.problems import (
    DENIED_AFTER_EXPIRY,
    OFF_PURPOSE,
    USED_AFTER_EXPIRY,
    USED_AFTER_REVOCATION,
    OffPurpose,
)

DENIED_OFF_PURPOSE = 9


def build_misuse(grants: list[Row], roles: Roles, rng: Random) -> list[Event]:
    """All planted events; the denied ones are there to be left out of every count."""
    by_id = {grant["grant_id"]: grant for grant in grants}
    events = [
        event for problem in OFF_PURPOSE for event in _off_purpose(problem, by_id, roles, rng)
    ]
    for name, count in zip(roles.expired_used, USED_AFTER_EXPIRY, strict=True):
        events += _after(by_id[name], by_id[name]["valid_to"], count, "success", rng)
    for name, count in zip(roles.revoked_used, USED_AFTER_REVOCATION, strict=True):
        events += _after(by_id[name], by_id[name]["revoked_on"], count, "success", rng)
    for index in range(DENIED_AFTER_EXPIRY):
        grant = by_id[roles.expired_quiet[index % len(roles.expired_quiet)]]
        events += _after(grant, grant["valid_to"], 1, "denied", rng)
    return events


def _working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def _after(grant: Row, end: date, count: int, outcome: str, rng: Random) -> Iterator[Event]:
    days = _working_days(end + timedelta(days=1), min(AS_OF, end + timedelta(days=45)))
    for _ in range(count):
        yield human_event(grant, rng.choice(days), rng, outcome)


def _off_purpose(
    problem: OffPurpose, by_id: dict[str, Row], roles: Roles, rng: Random
) -> Iterator[Event]:
    first = FIRST_EVENT_DAY + timedelta(weeks=problem.first_week)
    days = _working_days(
        first, min(AS_OF, FIRST_EVENT_DAY + timedelta(weeks=problem.last_week + 1))
    )
    is_service = problem.actor.startswith("svc-")
    grant = None if is_service else by_id[roles.off_purpose[problem.dataset_id]]
    denied = 0 if is_service else DENIED_OFF_PURPOSE
    for number in range(problem.events + denied):
        success = number < problem.events
        yield (
            office_time(rng.choice(days), rng),
            grant["person_id"] if grant else problem.actor,
            problem.dataset_id,
            rng.choice(["query", "query", "read", "export"]),
            problem.purpose_id,
            grant["grant_id"] if grant else None,
            rows_read(rng, 8.5) if success else 0,
            "success" if success else "denied",
            "pipeline" if is_service else "sql",
        )
