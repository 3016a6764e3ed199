"""``privacy register``: the record of processing out, a spreadsheet in, on a small home."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from assessments.records import Actor, Records
from assessments.records.people import add_person, grant_role
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.foreign_registers import merge, standing_rows
from tests.dashboard.kpis.conftest import EXPORTS

KINDS = ("people", "vendors", "purposes", "processing_activities", "systems", "datasets")
SHEET = """Reference;Processing activity;Purpose;Lawful basis;Data subjects;Personal data;Retention period;Date of entry
x-1;Parking permits;Issue permits;Contract;Residents;Contact details, Number plate;2 years;2024-02-01
x-2;Fines;Collect fines;We want to;Drivers;Names;one day;2024-02-01
"""
MANDATES = """mandate_id,controller_name,controller_contact,controller_representative,controller_dpo,operations,systems,transfer_countries,transfer_mechanism,starts_on,ends_on
m-1,=Town of Alm,office@alm.example,,,hosting;support,s-lake,,,2025-01-01,
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("registers"))
    (made.path / "mandates.csv").write_text(MANDATES)
    (made.path / "organisation.yaml").write_text("name: Example Ltd\ncontact: +49 30 1234\n")
    paths = [*(EXPORTS / f"{kind}.csv" for kind in KINDS), made.path / "mandates.csv"]
    load_paths(made, paths, options=Options(is_declared=False))
    _add_officer(made)
    return made


def _add_officer(home: Home) -> None:
    records = Records.open(home.prepare().records_url)
    with records.change(Actor.system("test")) as change:
        add_person(change, "p-9", "Dana Officer")
        grant_role(change, "p-9", "dpo", reason="test")
    records.close()


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(home.path), *arguments])


def answer(home: Home, *arguments: str) -> Any:
    result = run(home, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_controllers_record_has_every_activity_and_each_column_its_letter(
    home: Home, tmp_path: Path
) -> None:
    made = answer(
        home, "register", "export", "--article", "30-1", "--out", str(tmp_path / "r.xlsx")
    )
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    header = [cell.value for cell in sheet[3]]

    assert made["entries"] == len(standing_rows(home, "processing_activities")) == sheet.max_row - 3
    assert {text[1] for text in header if text.startswith("(")} == set("abcdefg")
    assert sheet["D4"].value is None
    assert sheet["B4"].value == "Example Ltd, +49 30 1234"
    assert sheet["E4"].value == "Dana Officer"


def test_what_is_missing_is_said_with_its_letter_and_counted(home: Home) -> None:
    found = answer(home, "register", "export", "--article", "30-1")
    without = [e for e in found["entries"] if not e["cells"]["recipients"]]

    assert without
    assert all("(d) the recipients, or that there are none" in e["gaps"] for e in without)
    assert found["shared_gaps"] == []
    assert found["gaps"] == sum(len(e["gaps"]) for e in found["entries"])


def test_the_processors_record_lists_mandates_and_writes_no_formula(
    home: Home, tmp_path: Path
) -> None:
    answer(home, "register", "export", "--article", "30-2", "--out", str(tmp_path / "r.csv"))
    rows = list(csv.reader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"))))
    entry = dict(zip(rows[0], rows[1], strict=True))

    assert entry["(b) Categories of processing"] == "hosting; support"
    assert entry["(a) Controller and contact"] == "'=Town of Alm, office@alm.example"
    assert entry["(d) Security measures"].startswith("encrypted at rest in")


def test_a_register_goes_to_ciso_assistant_with_its_losses(home: Home, tmp_path: Path) -> None:
    out = str(tmp_path / "c.xlsx")
    made = answer(home, "register", "export", "--format", "ciso-assistant", "--out", out)

    assert len(openpyxl.load_workbook(out).sheetnames) == 7
    assert any(loss["where"].endswith("owner_id") for loss in made["losses"])


@pytest.mark.parametrize("kind", ["vendors", "processing_activities", "datasets"])
def test_a_register_as_a_workbook_loads_again_without_a_change(
    home: Home, tmp_path: Path, kind: str
) -> None:
    before = standing_rows(home, kind)
    answer(home, "register", "export", "--kind", kind, "--out", str(tmp_path / f"{kind}.xlsx"))

    again = load_paths(home, [tmp_path / f"{kind}.xlsx"],
                       options=Options(is_declared=False, is_built=False))  # fmt: skip

    assert (again.files[0].unchanged, again.quarantined) == (len(before), 0)
    assert standing_rows(home, kind) == before


def test_a_proposal_can_be_kept_and_rejected_rows_are_written(home: Home, tmp_path: Path) -> None:
    sheet, mapping, rejects = tmp_path / "s.csv", tmp_path / "m.yaml", tmp_path / "no.xlsx"
    sheet.write_text(SHEET)

    proposal = answer(home, "register", "propose", str(sheet), "--out", str(mapping))
    found = answer(home, "register", "import", str(sheet), "--mapping", str(mapping),
                   "--set", "owner_id=p-001", "--rejects", str(rejects))  # fmt: skip

    assert {column["field"] for column in proposal["columns"]} >= {"purposes", "retention_period"}
    assert not found["written"]
    assert found["imported"] == {"processing_activities": 1, "purposes": 1}
    assert [row["row"] for row in found["rejected"]] == [3]
    assert "lawful_basis" in openpyxl.load_workbook(rejects).active["I2"].value


def test_imported_rows_join_the_register_and_end_no_other(home: Home, tmp_path: Path) -> None:
    sheet = tmp_path / "s.csv"
    sheet.write_text(SHEET)
    before = {row["activity_id"] for row in standing_rows(home, "processing_activities")}

    made = answer(home, "--as", "p-9", "register", "import", str(sheet), "--set", "owner_id=p-001")

    after = {row["activity_id"]: row for row in standing_rows(home, "processing_activities")}
    assert made["written"]
    assert set(after) == before | {"x-1"}
    assert after["x-1"]["retention_period"] == "P2Y"


def test_somebody_without_a_role_adds_nothing(home: Home, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(SHEET.replace("x-1", "x-7"))
    result = run(home, "--as", "nobody", "register", "import", str(tmp_path / "s.csv"),
                 "--set", "owner_id=p-001")  # fmt: skip

    assert result.exit_code != 0
    assert "x-7" not in {row["activity_id"] for row in standing_rows(home, "processing_activities")}


def test_what_an_import_does_not_say_stays_as_it_was() -> None:
    standing = [
        {"activity_id": "a", "name": "A", "owner_id": "p"},
        {"activity_id": "b", "name": "B"},
    ]

    merged = merge(
        "processing_activities", standing, [{"activity_id": "a", "name": "New", "owner_id": None}]
    )

    assert merged == [
        {"activity_id": "a", "name": "New", "owner_id": "p"}, {"activity_id": "b", "name": "B"},
    ]  # fmt: skip
