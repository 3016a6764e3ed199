"""Precision and recall of the patterns on 2,000 invented texts with gold labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessments.leakage.text import evaluate
from assessments.leakage.text.detectors import DETECTORS
from assessments.leakage.text.reading import open_text
from assessments.leakage.text.scan import collect

ROWS = (
    Path(__file__).resolve().parents[3].parent
    / "shared"
    / "data"
    / "leakage"
    / "pii"
    / "pii_rows.json"
)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not ROWS.is_file(), reason="needs the shared sample files"),
]
GOLD = {
    "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "IBAN_CODE": "iban",
    "CREDIT_CARD": "payment_card", "US_SSN": "us_ssn", "IP_ADDRESS": "ip",
}  # fmt: skip


def test_every_planted_entity_of_six_kinds_is_found_and_nothing_else() -> None:
    rows = json.loads(ROWS.read_text())
    gold = {
        (i + 1, GOLD[each["type"]], each["value"])
        for i, row in enumerate(rows)
        for each in row["entities"]
        if each["type"] in GOLD
    }
    with open_text([row["text"] for row in rows]) as relation:
        collect(relation, relation.columns, DETECTORS)
        hits = relation.connection.execute("select r, d, x from hits where passes").fetchall()
    found = {(row, DETECTORS[d].name, text) for row, d, text in hits}
    assert (len(gold), len(found - gold), len(gold - found)) == (689, 0, 0)


def test_the_counts_per_kind_equal_the_gold_labels() -> None:
    rows = json.loads(ROWS.read_text())
    measured = evaluate([row["text"] for row in rows])
    counts = {row["kind"]: row["hits"] for row in measured.tables["columns"]}
    gold = [GOLD.get(each["type"]) for row in rows for each in row["entities"]]
    assert counts == {kind: gold.count(kind) for kind in GOLD.values()}
