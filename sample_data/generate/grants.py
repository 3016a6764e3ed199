"""Access grants: who may use which dataset for which purpose, from when to when."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import Row, items
from sample_data.generate.dates import AS_OF
from sample_data.generate.inventory import active
from sample_data.generate.people import heads, staff_of
from sample_data.generate.problems import (
    DORMANT_GRANTS,
    OFF_PURPOSE,
    USED_AFTER_EXPIRY,
    USED_AFTER_REVOCATION,
)

ENDED, LONG_ENDED, REVOKED, FUTURE = 34, 14, 13, 3
REASONS = [
    "{project}: monthly rebuild of the training table",
    "{project}: error analysis after the last release",
    "{project}: checks asked for by the model owner",
    "Report to the regulator, purpose {purpose}",
    "Questions of the service desk, purpose {purpose}",
    "Data quality duty for {dataset}",
    "Cover for a colleague in {team} on parental leave, {dataset}",
    "Audit sample of {dataset}, agreed with the privacy office",
    "Monthly reconciliation of {dataset}, purpose {purpose}",
    "Preparation of deletion runs for {dataset}",
    "On-call duty of {team} for {dataset}",
    "Repair of a failed load of {dataset}",
    "{project}: comparison of two feature sets",
    "Standing task of {team}, purpose {purpose}",
    "Answer to a customer complaint, purpose {purpose}",
]


@dataclass(frozen=True, slots=True)
class Roles:
    """What the grants stand for; the event module follows it."""

    dormant: frozenset[str]
    expired_used: tuple[str, ...]
    revoked_used: tuple[str, ...]
    expired_quiet: tuple[str, ...]
    off_purpose: dict[str, str]


def build_grants(
    people: list[Row], datasets: list[Row], names: dict[str, str], rng: Random
) -> tuple[list[Row], Roles]:
    """Grants and the part each plays; a person has one grant on a dataset at most."""
    pairs = _forced_pairs(people, datasets) + _free_pairs(people, datasets, rng)
    grants: list[Row] = []
    seen: set[tuple[str, str]] = set()
    for person, dataset in pairs:
        key = (person["person_id"], dataset["dataset_id"])
        if key not in seen:
            seen.add(key)
            grants.append(_grant(len(grants) + 1, person, dataset, people, names, rng))
    return grants, _give_roles(grants, rng)


def _forced_pairs(people: list[Row], datasets: list[Row]) -> list[tuple[Row, Row]]:
    by_id = {d["dataset_id"]: d for d in datasets}
    return [
        (staff_of(people, problem.actor)[2], by_id[problem.dataset_id])
        for problem in OFF_PURPOSE
        if not problem.actor.startswith("svc-")
    ]


def _free_pairs(people: list[Row], datasets: list[Row], rng: Random) -> list[tuple[Row, Row]]:
    pairs = []
    for index, dataset in enumerate(active(datasets)):
        teams = [dataset["team"]] * 3 + ["Data Platform"]
        if dataset["classification"] == "special_category":
            teams = [dataset["team"]]
        for _ in range(2 + (index * 7) % 5):
            pairs.append((rng.choice(staff_of(people, rng.choice(teams))), dataset))
    return pairs


def _grant(
    number: int, person: Row, dataset: Row, people: list[Row], names: dict[str, str], rng: Random
) -> Row:
    purpose = rng.choice(items(dataset["purposes"]))
    start = date(2025, 6, 2) + timedelta(days=rng.randrange(0, 450))
    return {
        "grant_id": f"g-{number:04d}",
        "person_id": person["person_id"],
        "dataset_id": dataset["dataset_id"],
        "purpose_id": purpose,
        "valid_from": start,
        "valid_to": max(start + timedelta(days=rng.choice([365, 545, 730])), date(2027, 1, 31)),
        "granted_by": _giver(person, dataset, people),
        "reason": _reason(person, dataset, purpose, names, rng),
        "revoked_on": None,
    }


def _giver(person: Row, dataset: Row, people: list[Row]) -> str:
    here = {p["person_id"] for p in people if p["left_on"] is None}
    head = heads(people)[dataset["team"]]["person_id"]
    for candidate in (dataset["owner_id"], head, "p-005"):
        if candidate in here and candidate != person["person_id"]:
            return str(candidate)
    raise ValueError("nobody left who may grant")


def _reason(person: Row, dataset: Row, purpose: str, names: dict[str, str], rng: Random) -> str:
    projects = items(dataset["project_ids"])
    usable = [text for text in REASONS if projects or "{project}" not in text]
    return rng.choice(usable).format(
        project=names[rng.choice(projects)] if projects else "",
        purpose=names[purpose].lower(),
        dataset=dataset["name"],
        team=person["team"],
    )


def _give_roles(grants: list[Row], rng: Random) -> Roles:
    needed = len(OFF_PURPOSE) - sum(problem.actor.startswith("svc-") for problem in OFF_PURPOSE)
    pool = grants[needed:]
    rng.shuffle(pool)
    ended, pool = pool[:ENDED], pool[ENDED:]
    long_ended, pool = pool[:LONG_ENDED], pool[LONG_ENDED:]
    revoked, pool = pool[:REVOKED], pool[REVOKED:]
    future, pool = pool[:FUTURE], pool[FUTURE:]
    early = [g for g in pool if g["valid_from"] < date(2026, 5, 1)]
    _end(ended, date(2026, 8, 14), 70, rng)
    _end(long_ended, date(2026, 2, 2), 130, rng)
    _revoke(revoked, rng)
    for grant in future:
        grant["valid_from"] = AS_OF + timedelta(days=rng.randrange(10, 40))
    used = len(USED_AFTER_EXPIRY)
    return Roles(
        dormant=frozenset(g["grant_id"] for g in early[:DORMANT_GRANTS]),
        expired_used=tuple(g["grant_id"] for g in ended[:used]),
        revoked_used=tuple(g["grant_id"] for g in revoked[: len(USED_AFTER_REVOCATION)]),
        expired_quiet=tuple(g["grant_id"] for g in ended[used : used + 8]),
        off_purpose={g["dataset_id"]: g["grant_id"] for g in grants[:needed]},
    )


def _end(grants: list[Row], first: date, days: int, rng: Random) -> None:
    for grant in grants:
        grant["valid_to"] = first + timedelta(days=rng.randrange(days))
        grant["valid_from"] = grant["valid_to"] - timedelta(days=rng.choice([182, 273, 365]))


def _revoke(grants: list[Row], rng: Random) -> None:
    for grant in grants:
        grant["valid_from"] = min(grant["valid_from"], date(2026, 5, 4))
        grant["revoked_on"] = date(2026, 8, 17) + timedelta(days=rng.randrange(60))
