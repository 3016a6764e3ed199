"""What was found in a dataset's fields stands on its page and in the shell, and is closed there with a reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessments.records import Records
from assessments.settings import Home
from dashboard.cli import cli
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from tests.dashboard.pages.conftest import said, shown

FIELDS = "dataset_id,field,type,description,declared_category\n"
DATASETS = (
    "dataset_id,name,description,system_id,owner_id,activity_id,purposes,classification,retention_period,created_on,"
    "origin,masking\n"
    "d-crm,Customers,All customers.,s-1,ann,ra-1,pu-1,special_category,P2Y,2024-01-01,collected,none\n"
)
SYSTEMS = (
    "system_id,name,kind,owner_id,country,hosting,encrypted_at_rest,description\n"
    "s-1,CRM,crm,ann,SE,own,true,Customers.\n"
)
REF = "d-crm.note:contact"


@pytest.fixture
def crm(home: Home, desk: Records, tmp_path: Path) -> Records:
    """A dataset whose field ``note`` is declared as technical, and a scan of a sample of it."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "datasets.csv").write_text(DATASETS)
    (folder / "systems.csv").write_text(SYSTEMS)
    (folder / "dataset_fields.csv").write_text(FIELDS + "d-crm,note,text,Notes.,technical\n")
    load_paths(home, [folder], options=Options(is_declared=False, is_built=False))
    sample = tmp_path / "sample.csv"
    sample.write_text("note\njane.doe@post.example\nnothing\n")
    result = run(home, "scan", str(sample), "--dataset", "d-crm", "--load")
    assert "email (contact) in 1 of 2 values" in result
    assert "jane" not in result
    return desk


def run(home: Home, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["--home", str(home.path), *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_finding_is_listed_promised_and_closed_with_a_reason(home: Home, crm: Records) -> None:
    listed = run(home, "finding", "list", code=1)
    assert f"{REF}: declared as technical; email, 50.0% of values" in listed
    made = run(
        home, "--as", "rosa", "finding", "promise", REF, "--owner", "ann", "--due", "2099-01-01"
    )
    assert made.split()[0] in run(home, "finding", "list", code=1)

    page = shown("dataset", "rosa", id="d-crm")
    text = said(page)
    assert all(word in text for word in ("Identities are hidden", "Missing since", "Not stated"))
    assert all(word in text for word in ("1 open finding", "xxxx.xxx@xxxx.xxxxxxx"))
    assert "jane" not in text

    area = next(each for each in page.text_area if "because" in each.label)
    owner = next(each for each in page.selectbox if each.label == "Who answers for the dataset")
    owner.set_value("otto")
    area.set_value("Addresses of machines.")
    (button,) = [each for each in page.button if each.label == "Close the finding"]
    button.click().run()

    assert run(home, "finding", "list", "--dataset", "d-crm") == "No open finding.\n"
    assert "open finding" not in said(shown("dataset", "rosa", id="d-crm"))


def test_rows_are_written_to_be_loaded_later(home: Home, tmp_path: Path) -> None:
    sample, out = tmp_path / "sample.csv", tmp_path / "rows.csv"
    sample.write_text("ip\n84.20.11.9\n")
    run(home, "scan", str(sample), "--dataset", "d-1", "--on", "2026-11-20", "--out", str(out))

    (row,) = csv.DictReader(out.open())
    assert (row["field"], row["category"], row["scanned_on"]) == ("ip", "device", "2026-11-20")
