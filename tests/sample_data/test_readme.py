"""The README of the sample says what truth.yaml says."""

import re
from typing import Any

from sample_data import FOLDER

README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_table_holds_every_count_and_every_id(truth: dict[str, Any]) -> None:
    lines = {
        line.split("|")[1].strip(): line for line in README.splitlines() if line.count("|") == 6
    }
    for name, claim in truth.items():
        if name == "access_events":
            continue
        cells = [cell.strip() for cell in lines[name].split("|")]
        assert cells[2] == str(claim["count"])
        assert cells[3] == str(claim.get("population", ""))
        named = re.findall(r"`([^`]+)`", cells[5])
        assert named == (claim["ids"] if "ids" in claim else list(claim["by"]))


def test_the_sizes_in_the_first_paragraph_are_those_of_the_files(export: Any) -> None:
    sentence = " ".join(README.split("## ")[0].split())
    words = {
        "people": "people",
        "projects": "machine-learning projects",
        "datasets": "datasets",
        "dataset_fields": "fields",
        "systems": "systems",
        "processing_activities": "processing activities",
        "purposes": "purposes",
        "vendors": "vendors",
        "models": "models",
        "access_events": "access events",
    }
    for kind, word in words.items():
        assert f"{len(export(kind)):,} {word}" in sentence


def test_the_traps_are_set(export: Any) -> None:
    requests = export("rights_requests")
    last_day = requests.closed_on == requests.extended_to.fillna(requests.due_on)
    assert last_day.sum() >= 3
    results = export("leakage_results").query("status == 'invalid'")
    assert (results.severity.astype(float) > 0.3).all()
    assert len(results) == 2
