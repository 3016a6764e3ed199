"""The records of GDPR Art. 30: every letter has its column, and what is missing is said, not filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessments.errors import BadInput
from assessments.exchange.article_30 import (
    Parties,
    columns_of,
    controller_register,
    processor_register,
)

OURS = Parties("Example Ltd", "1 Road, Alm", "", "Dana Officer")
ACTIVITY: dict[str, Any] = {
    "activity_id": "ra-1", "name": "Supply", "purpose_names": ["Deliver"],
    "lawful_basis": "contract", "special_category_condition": None, "data_subjects": ["customers"],
    "data_categories": ["contact"], "recipients": ["Cloud One"], "vendors": [],
    "transfer_countries": [], "transfer_mechanism": None, "retention_period": "P10Y",
    "systems": [{"name": "Lake", "encrypted_at_rest": True}, {"name": "Old", "encrypted_at_rest": False}],
    "maskings": ["none", "pseudonymised"], "last_reviewed_on": date(2026, 1, 2),
    "joint_controllers": [],
}  # fmt: skip
MANDATE: dict[str, Any] = {
    "mandate_id": "m-1", "controller_name": "Town", "controller_contact": "office",
    "operations": ["hosting"], "systems": [{"name": "Lake", "encrypted_at_rest": True}],
    "starts_on": date(2025, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize(("article", "letters"), [("30-1", "abcdefg"), ("30-2", "abcd")])
def test_each_letter_of_the_paragraph_has_a_column(article: str, letters: str) -> None:
    _, columns = columns_of(article)

    assert {column.letter for column in columns} - {""} == set(letters)
    assert all(c.heading.startswith(f"({c.letter})") for c in columns if c.letter)


def test_a_complete_activity_has_no_gap() -> None:
    register = controller_register(OURS, [ACTIVITY], date(2026, 11, 20))

    assert register.gaps == 0
    assert register.entries[0].cells["retention"] == "10 years"
    assert register.entries[0].cells["security"] == [
        "encrypted at rest in 1 of 2 systems (not: Old)", "pseudonymised data",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lacking", "gap"),
    [
        ({"purpose_names": []}, "(b) the purposes"),
        ({"data_subjects": None}, "(c) the categories of people"),
        ({"data_categories": []}, "(c) the categories of data"),
        ({"recipients": []}, "(d) the recipients, or that there are none"),
        ({"transfer_countries": ["US"]}, "(e) the ground of the transfers"),
        ({"retention_period": None}, "(f) the time limit for erasure"),
        ({"systems": [], "maskings": []}, "(g) security measures: no dataset names the activity"),
        ({"vendors": [{"name": "Far", "country": "US"}]}, "(e) Far is in US, but no transfer is recorded"),
    ],
)  # fmt: skip
def test_what_an_activity_lacks_is_said_with_its_letter(lacking: dict[str, Any], gap: str) -> None:
    register = controller_register(OURS, [ACTIVITY | lacking])

    assert register.entries[0].gaps == (gap,)
    assert register.entries[0].cells["gaps"] == gap


def test_a_recipient_inside_the_eea_or_with_a_recorded_transfer_is_no_gap() -> None:
    inside = ACTIVITY | {"vendors": [{"name": "Near", "country": "NO"}]}
    recorded = ACTIVITY | {
        "vendors": [{"name": "Far", "country": "US"}], "transfer_countries": ["US"],
        "transfer_mechanism": "scc",
    }  # fmt: skip

    assert controller_register(OURS, [inside, recorded]).gaps == 0


def test_what_every_entry_lacks_is_counted_once() -> None:
    register = controller_register(Parties("Example Ltd"), [ACTIVITY, ACTIVITY])

    assert register.shared_gaps == (
        "(a) how to reach the controller",
        "(a) the controller's data protection officer, or that there is none",
    )
    assert register.gaps == 2
    assert any("how to reach" in note for note in register.as_page().notes)


def test_a_mandate_names_both_parties_and_its_gaps() -> None:
    register = processor_register(OURS, [MANDATE, MANDATE | {"operations": [], "systems": []}])
    first, second = register.entries

    assert first.cells["controller"] == "Town, office"
    assert first.cells["processor"] == "Example Ltd, 1 Road, Alm"
    assert first.gaps == ()
    assert [gap[:3] for gap in second.gaps] == ["(b)", "(d)"]


def test_no_mandate_is_not_taken_for_no_processing() -> None:
    assert "has not been loaded" in processor_register(OURS, []).notes[0]


def test_dates_stay_dates_for_the_workbook() -> None:
    page = controller_register(OURS, [ACTIVITY]).as_page()

    assert date(2026, 1, 2) in page.rows[0]


def test_another_record_is_refused() -> None:
    with pytest.raises(BadInput):
        columns_of("30-3")
