"""Beginning an assessment at the office: about what the inventory knows, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments import questionnaire
from assessments.errors import BadInput
from assessments.records import Actor, Records
from dashboard import office
from tests.assessments.grants.requests import open_office
from tests.assessments.questionnaire.cases import Inventory

ANA = Actor.person("ana")
KNOWN = Inventory(
    project=[{"project_id": "pr-1", "name": "Fraud", "description": "Finds forged invoices."}],
    dataset=[{"dataset_id": "d-1", "name": "Invoices", "classification": "confidential"}],
    purposes_of_dataset=[{"purpose_id": "pu-fraud", "name": "Fraud", "lawful_basis": "contract"}],
    fields_of_dataset=[{"field": "amount", "declared_category": "account"}],
)


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return open_office(tmp_path)


def test_a_request_begins_about_a_dataset_with_what_is_known_of_it(records: Records) -> None:
    made = office.begin(
        records, ANA, KNOWN, "access_request", "pr-1", "Invoices", about={"dataset": "d-1"}
    )
    found = questionnaire.load(records, made)
    assert found.subject == {"project": "pr-1", "dataset": "d-1"}
    assert found.answers["data_class"].value == "confidential"
    assert [row["registered"] for row in found.answers["declared"].value] == ["pu-fraud"]


@pytest.mark.parametrize(
    ("about", "problem"),
    [({"vendor": "v-1"}, "no vendor v-1"), ({"planet": "mars"}, "not about a planet")],
)
def test_what_the_inventory_does_not_know_is_nothing_to_begin_about(
    records: Records, about: dict[str, str], problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        office.begin(records, ANA, KNOWN, "vendor_review", "pr-1", "Review", about=about)
