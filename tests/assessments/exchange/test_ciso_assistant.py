"""CISO Assistant's sheets, read and written; the seven-sheet layout is built after its field names."""

import io
from typing import Any

import openpyxl
import pytest

from assessments.errors import BadInput
from assessments.exchange.ciso_assistant import FORMAT, write_book, write_flat
from assessments.exchange.ciso_assistant.read import read, recognise
from assessments.exchange.frame import ForeignFile, Reading
from assessments.exchange.workbook import Page, write_workbook

REGISTERS: dict[str, list[dict[str, Any]]] = {
    "processing_activities": [
        {
            "activity_id": "ra-1", "name": "Supply", "description": "=HYPERLINK(1)",
            "purposes": ["pu-1"], "lawful_basis": "contract",
            "special_category_condition": "explicit_consent", "data_subjects": ["customers"],
            "data_categories": ["contact", "health", "consumption"],
            "recipients": ["Cloud One", "the regulator"], "transfer_countries": ["US"],
            "transfer_mechanism": "scc", "owner_id": "p-1", "retention_period": "P10Y",
            "registered_on": "2020-01-01",
        }
    ],
    "purposes": [
        {"purpose_id": "pu-1", "name": "Deliver", "description": "Energy", "lawful_basis": "contract"}
    ],
    "vendors": [
        {"vendor_id": "v-1", "name": "Cloud One", "role": "processor", "country": "SE",
         "services": "Hosting"}
    ],
}  # fmt: skip


def read_back(data: bytes) -> Reading:
    file = ForeignFile("processings.xlsx", data)
    assert recognise(file)
    return read(file)[0]


def test_the_workbook_has_their_seven_sheets() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_book(REGISTERS).data))

    assert book.sheetnames == [
        "Processing", "Purposes", "Personal data", "Data subjects", "Data recipients",
        "Contractors", "Transfers",
    ]  # fmt: skip


def test_what_the_workbook_has_a_place_for_comes_back() -> None:
    reading = read_back(write_book(REGISTERS).data)
    activity = reading.registers["processing_activities"][0]

    kept = (
        "activity_id", "name", "description", "lawful_basis", "special_category_condition",
        "data_subjects", "transfer_countries", "transfer_mechanism", "retention_period",
    )  # fmt: skip
    assert {k: activity[k] for k in kept} == {
        k: REGISTERS["processing_activities"][0][k] for k in kept
    }
    assert sorted(activity["recipients"]) == ["Cloud One", "the regulator"]
    assert reading.registers["vendors"][0]["role"] == "processor"
    assert reading.registers["purposes"][0]["lawful_basis"] == "contract"


def test_what_has_no_place_there_is_reported_when_writing() -> None:
    losses = {(loss.where, loss.what) for loss in write_book(REGISTERS).losses}

    assert ("processing_activities.owner_id", "1 values") in losses
    assert ("processing_activities[ra-1].data_categories", "consumption") in losses


def test_the_flat_sheet_keeps_three_columns_and_says_what_it_loses() -> None:
    made = write_flat(REGISTERS)
    reading = read_back(made.data)

    assert reading.registers["processing_activities"][0]["name"] == "Supply"
    assert {loss.where for loss in made.losses} >= {"processing_activities.purposes"}


def test_several_legal_bases_are_left_to_a_person() -> None:
    purposes = [
        *REGISTERS["purposes"],
        {"purpose_id": "pu-2", "name": "Ads", "lawful_basis": "consent"},
    ]
    activity = REGISTERS["processing_activities"][0] | {"purposes": ["pu-1", "pu-2"]}
    both = REGISTERS | {"purposes": purposes, "processing_activities": [activity]}

    reading = read_back(write_book(both).data)

    assert reading.registers["processing_activities"][0]["lawful_basis"] is None
    assert any(loss.what == "contract, consent" for loss in reading.losses)


def test_a_row_of_an_unknown_processing_and_unknown_columns_are_reported() -> None:
    pages = [
        Page("Processing", ("ref_id", "name", "status", "mood"), [("r1", "A", "Draft", "good")]),
        Page("Purposes", ("processing_ref_id", "name"), [("elsewhere", "Stray")]),
        Page("Diary", ("a",), [("b",)]),
    ]
    reading = read_back(write_workbook(pages))
    where = {loss.where: loss.what for loss in reading.losses}

    assert where["Purposes row 2"] == "a row"
    assert where["Processing.mood"] == "1 values"
    assert where["sheet Diary"] == "1 rows"


def test_a_reference_used_twice_keeps_both_rows() -> None:
    rows = [("r1", "A", "Draft"), ("r1", "B", "Draft")]
    reading = read_back(write_workbook([Page("Processing", ("ref_id", "name", "status"), rows)]))

    ids = [row["activity_id"] for row in reading.registers["processing_activities"]]
    assert ids == ["r1", "r1-2"]


def test_another_workbook_is_not_theirs() -> None:
    data = write_workbook([Page("Prices", ("a", "b"), [(1, 2)])])

    assert FORMAT.recognise is not None
    assert not FORMAT.recognise(ForeignFile("x.xlsx", data))
    with pytest.raises(BadInput):
        read(ForeignFile("x.xlsx", data))
