"""Spreadsheets from strangers, and workbooks that strangers open."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.errors import BadInput
from assessments.exchange.archive_files import is_archive
from assessments.exchange.sheets import FORMULA_SIGNS, guard, read_sheets, unguard
from assessments.exchange.workbook import Page, sheet_title, write_csv, write_workbook

RISKY = [f"{sign}cmd|' /C calc'!A0" for sign in FORMULA_SIGNS]
ODS_START = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="S">'
)
ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def ods(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS_START + rows + ODS_END)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods_cell(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def xlsx_with(sheet: str, **members: str) -> bytes:
    """A minimal workbook, with the sheet's XML replaced and members added."""
    plain = write_workbook([Page("S", ("a",), [("b",)])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml" and sheet:
                content = sheet.encode()
            target.writestr(info.filename, content)
        for name, text in members.items():
            target.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def test_cells_are_typed_and_the_header_is_frozen() -> None:
    day, moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
    data = write_workbook(
        [Page("Register", ("a", "b", "c", "d", "e"), [(day, moment, 7, 2.5, True)])]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Register"]

    assert sheet.freeze_panes == "B2"
    assert sheet["A2"].is_date
    assert [sheet.cell(2, n).value for n in (3, 4, 5)] == [7, 2.5, True]


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_looks_like_a_formula_stays_text_and_unchanged(text: str) -> None:
    data = write_workbook([Page("R", (text,), [(text,)])])
    cell = openpyxl.load_workbook(io.BytesIO(data))["R"]["A2"]

    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert cell.value.replace("_x000D_", "\r").strip() == text.strip()


@pytest.mark.parametrize("text", RISKY)
def test_a_csv_cell_never_starts_like_a_formula_and_comes_back(text: str) -> None:
    data = write_csv(Page("R", ("name",), [(text,)]))
    cells = read_sheets(data, "r.csv")[0].rows[1][1]

    assert f"'{text[0]}".encode() in data
    assert cells == (text,)


@settings(deadline=None)
@given(st.text())
def test_guarding_loses_nothing(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(FORMULA_SIGNS)


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40),
        min_size=1,
        max_size=5,
    )
)
def test_texts_come_back_from_a_workbook(texts: list[str]) -> None:
    data = write_workbook([Page("R", ["x"] * len(texts), [texts])])
    rows = read_sheets(data, "r.xlsx")[0].rows

    expected = tuple(unguard(text.strip(" \u00a0\n")) for text in texts)
    got = rows[1][1] if len(rows) > 1 else ("",) * len(texts)
    assert tuple(got) == expected


def test_the_same_pages_give_the_same_bytes() -> None:
    pages = [Page("A", ("x",), [("y",)])]

    assert write_workbook(pages) == write_workbook(pages)


def test_sheet_titles_fit_every_spreadsheet() -> None:
    assert sheet_title("Art. 30(1): controllers [all] / :*?", 1) == "Art. 30(1) controllers all"
    assert sheet_title("///", 2) == "Sheet 2"


def test_an_ods_sheet_is_read_and_empty_repeats_at_its_end_cost_nothing() -> None:
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    data = ods(f"<table:table-row>{ods_cell('a')}{ods_cell('b')}</table:table-row>{empty}")

    assert read_sheets(data, "r.ods")[0].rows == ((1, ("a", "b")),)


@pytest.mark.parametrize(
    "data",
    [
        ods(f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("a")}</table:table-row>'),
        ods(f'<table:table-row>{ods_cell("a", "table:number-columns-repeated=" + chr(34) + "16000" + chr(34))}</table:table-row>'),
        xlsx_with('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
        xlsx_with("<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>"),
        xlsx_with("", **{"..__evil.xml": "<x/>"}),
        b"PK\x03\x04 not really a zip xl/workbook.xml",
        b"a,b\n\"unclosed",
        b"\x00\x01\x02,binary\xff",
        b"a," * 500 + b"b\n",
    ],
    ids=["repeated rows", "repeated columns", "far cell", "entities", "path", "damaged", "open quote",
         "binary", "too wide"],
)  # fmt: skip
def test_hostile_sheets_are_refused(data: bytes) -> None:
    name = "x.ods" if b"opendocument" in data[:200] else "x.csv"

    with pytest.raises(BadInput) as refused:
        read_sheets(data, name)

    assert refused.value.where["file"] == name


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ("näme;größe\n".encode("utf-8-sig"), ("näme", "größe")),
        ("näme;größe\n".encode("cp1252"), ("näme", "größe")),
        ("näme\tgröße\n".encode("utf-16"), ("näme", "größe")),
        (b'"a,b",c\n', ("a,b", "c")),
    ],
)
def test_usual_encodings_and_separators_are_understood(data: bytes, cells: tuple[str, ...]) -> None:
    assert read_sheets(data, "x.csv")[0].rows[0][1] == cells


def test_a_workbook_is_no_archive_wherever_its_list_of_types_stands() -> None:
    plain = write_workbook([Page("S", ("a",), [("b" * 9000,)])])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for info in reversed(source.infolist()):
            target.writestr(info.filename, source.read(info))

    assert not is_archive(out.getvalue())
    assert read_sheets(out.getvalue(), "x.xlsx")[0].name == "S"
