"""What foreign files fill is what the export contracts know, and their rows load as they stand."""

from __future__ import annotations

from pathlib import Path

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
    assert {path.parent for path in (tmp_path / FOLDER).rglob("*.csv")} == {
        tmp_path / FOLDER / "passwd-yml"
    }


def test_a_cell_of_the_landed_list_never_starts_like_a_formula(tmp_path: Path) -> None:
    readings = read_file(MANIFEST, "m.yml").readings
    land(Home(tmp_path), readings[0], "m.yml")

    assert ",'=cmd()," in (tmp_path / FOLDER / "m-yml/systems.csv").read_text()
