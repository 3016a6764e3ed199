"""Fields of datasets: what is declared, what a scan found, and when the field was last read."""

from datetime import date, timedelta
from random import Random

from sample_data.generate.authored import Row
from sample_data.generate.dates import AS_OF
from sample_data.generate.problems import NEVER_READ, UNDECLARED

UNFINDABLE = {"aggregate", "operational", "technical", "reference", "none"}
SCAN_RATE = 0.72


def build_fields(datasets: list[Row], rng: Random) -> list[Row]:
    """One row a field; a scan agrees with the declaration except where a problem is planted."""
    return [_field(dataset, field, rng) for dataset in datasets for field in dataset["fields"]]


def _field(dataset: Row, field: Row, rng: Random) -> Row:
    key = (dataset["dataset_id"], field["field"])
    detected, share = UNDECLARED.get(key) or _scan(field["declared_category"], rng)
    return {
        "dataset_id": key[0],
        **field,
        "detected_category": detected,
        "detected_share": share,
        "last_read_on": _last_read(dataset, key, rng),
    }


def _scan(declared: str, rng: Random) -> tuple[str | None, float | None]:
    found, share = rng.random() < SCAN_RATE, round(rng.uniform(0.82, 1.0), 3)
    if declared in UNFINDABLE or not found:
        return None, None
    return declared, share


def _last_read(dataset: Row, key: tuple[str, str], rng: Random) -> date | None:
    recent = AS_OF - timedelta(days=min(1 + int(rng.expovariate(0.12)), 140))
    if dataset["retired_on"]:
        return date.fromisoformat("2026-02-11")
    if key not in NEVER_READ:
        return recent
    days = NEVER_READ[key]
    return AS_OF - timedelta(days=days) if days else None
