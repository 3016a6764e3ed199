"""A workbook of a few kilobytes whose one far cell would take half a terabyte is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from assessments.exchange.registers import COLUMNS
from assessments.exchange.workbook import Page, write_workbook
from assessments.settings import Home
from dashboard.exports.check import check_paths
from dashboard.exports.options import Options

ROW = ("v-1", "A", "processor", "SE", "Hosting", "a@b.example", "low")


def workbook(far: str = "") -> bytes:
    plain = write_workbook([Page("vendors", COLUMNS["vendors"], [ROW])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", far.encode() + b"</sheetData>")
            target.writestr(info.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='999999'><c r='XFD999999'><v>1</v></c></row>",
    ],
)
def test_a_far_cell_is_refused_before_the_workbook_is_opened(tmp_path: Path, far: str) -> None:
    (tmp_path / "vendors.xlsx").write_bytes(workbook(far))

    report = check_paths(
        Home(tmp_path), [tmp_path / "vendors.xlsx"], options=Options(is_declared=False)
    )

    assert [held.error.title for held in report.held] == ["The sheet is too large"]


def test_an_ordinary_workbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "vendors.xlsx").write_bytes(workbook())

    report = check_paths(
        Home(tmp_path), [tmp_path / "vendors.xlsx"], options=Options(is_declared=False)
    )

    assert (report.landed, report.held) == (1, ())
