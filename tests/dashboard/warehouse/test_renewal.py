"""A home that an earlier version of the product built is read without anybody loading it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.errors import NotFound
from assessments.records import Records
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse import build as building
from dashboard.warehouse.marts_order import read_marts
from dashboard.warehouse.renewal import opened, renew

VENDORS = "vendor_id,name,role,country,services,contact_email,risk_tier\nv,V,processor,SE,Hosting,a@b.example,low"


@pytest.fixture
def records(home: Home) -> Records:
    return Records.open(home.records_url)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


def load(home: Home, folder: Path) -> None:
    export = folder / "vendors.csv"
    export.write_text(VENDORS)
    load_paths(home, [export], options=Options(is_declared=False))


def test_what_another_version_built_is_built_again_once(
    home: Home, records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = [mart for mart in read_marts() if mart.name != "reporting_day"]
    with monkeypatch.context() as earlier:
        earlier.setattr(building, "read_marts", lambda: older)
        load(home, tmp_path)
    with opened(home, records) as found, found.cursor() as cursor:
        first = found.generation
        assert cursor.execute("select count(*) from reporting_day").fetchone()
    with opened(home, records) as again:
        assert again.generation == first


def test_before_the_first_load_there_is_nothing_to_build(home: Home, records: Records) -> None:
    renew(home, records)
    with pytest.raises(NotFound, match="No exports"), opened(home, records):
        pass
