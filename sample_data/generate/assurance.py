"""Drills, and scans of samples that confirm some of the planted undeclared fields."""

import hashlib
from datetime import date

from assessments.leakage.rates import clopper_pearson
from sample_data.generate.authored import Row, is_yes, load
from sample_data.generate.people import heads
from sample_data.generate.problems import UNDECLARED

SAMPLED = 2_000
SCANNED_ON = date(2026, 11, 17)
DETECTORS = {"contact": ("email", "xxxxx.xxxxxxx@xxxxxxx.xxxxxxx"), "national_id": ("nl_bsn", "999999999")}  # fmt: skip
CLEAN = (("d-tariffs", "tariff_code"), ("d-weather", "cell"), ("d-customers-synth", "postcode_area"))  # fmt: skip


def build_drills(people: list[Row]) -> list[Row]:
    """Rehearsals of two years; one scenario was never tried, one was not passed again in time."""
    head_of = heads(people)
    drills = []
    for line in load("drills.yaml")["drills"]:
        name, scenario, held, team, participants, passed, findings, lesson = (
            cell.strip() for cell in line.split("|")
        )
        drills.append(
            {
                "drill_id": name,
                "scenario": scenario,
                "held_on": date.fromisoformat(held),
                "led_by": head_of[team]["person_id"],
                "participants": int(participants),
                "passed": is_yes(passed),
                "findings_open": int(findings),
                "lesson": lesson,
            }
        )
    return drills


def build_scans() -> list[Row]:
    """What `privacy scan` says about samples of the fields that a detector can know, and of clean ones."""
    found = [(key, *what) for key, what in UNDECLARED.items() if what[0] in DETECTORS]
    rows = [_finding(*key, category, round(share * SAMPLED)) for key, category, share in found]
    return sorted(
        [*rows, *(_finding(*key, None, 0) for key in CLEAN)],
        key=lambda row: (row["dataset_id"], row["field"]),
    )


def _finding(dataset: str, field: str, category: str | None, matched: int) -> Row:
    detector, masked = DETECTORS[category] if category else (None, None)
    share = clopper_pearson(matched, SAMPLED)
    digest = hashlib.sha256(f"sample of {dataset}".encode()).hexdigest()
    name = hashlib.sha256(f"{dataset} {field} {detector} {digest}".encode()).hexdigest()
    return {
        "finding_id": f"fs-{name[:12]}",
        "dataset_id": dataset,
        "field": field,
        "scanned_on": SCANNED_ON,
        "category": category,
        "detector": detector,
        "is_proven": category is not None,
        "sampled": SAMPLED,
        "matched": matched,
        "share": round(share.value, 4),
        "low": round(share.low or 0.0, 4),
        "high": round(share.high or 0.0, 4),
        "confidence": 0.95,
        "masked": masked,
        "method_version": "1",
        "data_sha256": digest,
    }
