"""What foreign files fill is what the export contracts know, and their rows load as they stand."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from assessments.exchange.formats import read_file
from assessments.exchange.registers import COLUMNS, REQUIRED
from assessments.settings import Home
from dashboard.exports.catalogue import find_contract
from dashboard.foreign_registers import FOLDER, land, standing_rows

MANIFEST = b"""system:
  - fides_key: shop
    name: "=cmd()"
    description: Sells; a lot
    system_type: Database
dataset:
  - fides_key: shop_db
    name: Shop
    collections:
      - name: customer
        fields:
          - {name: email, description: Address, data_categories: [user.contact.email], fides_meta: {data_type: string}}
          - {name: aura, description: Glow, fides_meta: {data_type: string}}
"""


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_and_required_ones_are_those_of_the_contract(kind: str) -> None:
    contract = find_contract(kind)

    assert COLUMNS[kind] == tuple(contract.names)
    assert REQUIRED[kind] == tuple(contract.required)


def test_complete_rows_land_and_incomplete_ones_are_set_aside_with_the_reason(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    readings = read_file(MANIFEST, "../../etc/passwd.yml").readings

    report = land(home, readings[0], "../../etc/passwd.yml")

    counts = {file.kind: (file.landed, file.quarantined) for file in report.files}
    assert counts == {"systems": (0, 1), "datasets": (0, 1), "dataset_fields": (1, 1)}
    assert [row["field"] for row in standing_rows(home, "dataset_fields")] == ["customer.email"]
    assert {path.parent for path in (tmp_path / FOLDER).rglob("*.xlsx")} == {
        tmp_path / FOLDER / "passwd-yml"
    }


def test_a_text_that_looks_like_a_formula_lands_as_the_same_text(tmp_path: Path) -> None:
    home = Home(tmp_path)
    sheet = b"Purpose,Retention,Lawful basis,Data subjects,Personal data,Owner,Created,Name\n=1+1,1 year,consent,-staff,email,p-1,2024-01-01,+49 30\n"
    readings = read_file(sheet, "r.csv").readings

    land(home, readings[0], "r.csv")

    row = standing_rows(home, "processing_activities")[0]
    assert (row["name"], row["description"], row["data_subjects"]) == ("+49 30", "=1+1", ["staff"])
    made = openpyxl.load_workbook(tmp_path / FOLDER / "r-csv/processing_activities.xlsx").active
    assert made["B2"].data_type == "s"
    assert made["B2"].quotePrefix
