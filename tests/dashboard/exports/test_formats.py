"""The same records land the same way from every format."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = [
    {"dataset_id": "d-1", "observed_on": date(2026, 1, 2), "oldest_record_on": None,
     "row_count": 10, "size_bytes": 2**40},
    {"dataset_id": "d-2", "observed_on": date(2026, 1, 2), "oldest_record_on": date(2020, 2, 29),
     "row_count": -1, "size_bytes": 5},
]  # fmt: skip
LANDED = [("d-1", date(2026, 1, 2), None, 10, 2**40)]
ASK = "select dataset_id, observed_on, oldest_record_on, row_count, size_bytes from dataset_observations"


def check_landed(desk: Any, found: Any, line: int) -> None:
    assert (found.rows, found.landed, found.quarantined) == (2, 1, 1)
    assert desk.ask(ASK) == LANDED
    assert desk.ask("select line_no, columns from quarantine") == [(line, ["row_count"])]


def test_parquet_lands_typed_columns(desk: Any) -> None:
    path = desk.folder / "dataset_observations.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    (found,) = desk.report(path).files
    check_landed(desk, found, 2)
    ((raw,),) = desk.ask("select raw from quarantine")
    assert json.loads(raw)["dataset_id"] == "d-2"


def test_json_lines_and_a_json_array_land_alike(desk: Any) -> None:
    objects = [{name: str(value) if isinstance(value, date) else value for name, value in row.items()}
               for row in ROWS]  # fmt: skip
    found = desk.load("dataset_observations.jsonl", [json.dumps(item) for item in objects])
    check_landed(desk, found, 2)
    again = desk.load("dataset_observations.json", json.dumps(objects, indent=1))
    assert (again.landed, again.unchanged, again.quarantined) == (1, 1, 1)


def test_a_cut_off_json_array_is_left_aside_with_its_line(desk: Any) -> None:
    error = desk.refusal("dataset_observations.json", '[{"dataset_id": "d-1"},\n{"dataset')
    assert error.title == "This is not valid JSON"
    assert error.where["line"] == 2


def test_lists_of_json_become_lists(desk: Any) -> None:
    row = {"purpose_id": "p-1", "name": "N", "description": "D", "lawful_basis": "consent",
           "compatible_with": ["p-2", "p-3"]}  # fmt: skip
    desk.load("purposes.jsonl", json.dumps(row) + "\n")
    assert desk.ask("select compatible_with from purposes") == [(["p-2", "p-3"],)]


def test_a_workbook_lands_whole_numbers_and_days(desk: Any) -> None:
    path = desk.folder / "dataset_observations.xlsx"
    write_workbook(path, [list(ROWS[0]), *(list(row.values()) for row in ROWS)])
    (found,) = desk.report(path).files
    check_landed(desk, found, 3)


def test_a_damaged_workbook_and_a_cut_off_parquet_file_are_left_aside(desk: Any) -> None:
    assert "workbook" in desk.refusal("people.xlsx", b"PK\x03\x04 not really").title
    path = desk.folder / "dataset_observations.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS * 1000), path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "Parquet" in desk.report(path).held[0].error.title


def test_moments_land_in_utc_from_every_offset(desk: Any) -> None:
    head = "consent_id,subject_ref,purpose_id,given_at,withdrawn_at,notice_version,channel"
    found = desk.load(
        "consents.csv",
        [head, "c-1,x,p,2026-03-01T10:00:00+02:00,,v1,web", "c-2,x,p,2026-03-01T08:00:00Z,,v1,web",
         "c-3,x,p,2026-03-01 08:00:00,,v1,web", "c-4,x,p,2026-03-01T25:00:00Z,,v1,web"],
    )  # fmt: skip
    assert found.quarantined == 2
    moment = datetime(2026, 3, 1, 8)
    assert desk.ask("select given_at from consents") == [(moment,), (moment,)]


def test_moments_of_parquet_keep_their_fraction_with_and_without_zone(desk: Any) -> None:
    moment = datetime(2026, 3, 1, 8, 0, 0, 250_000)
    base = {"subject_ref": "x", "purpose_id": "p", "notice_version": "v1", "channel": "web"}
    for number, zone in enumerate((None, UTC)):
        path = desk.folder / f"consents-{number}.parquet"
        row = {"consent_id": f"c-{number}", "given_at": moment.replace(tzinfo=zone)} | base
        pq.write_table(pa.Table.from_pylist([row]), path)
        assert desk.report(path).files[0].landed == 1
    assert desk.ask("select given_at from consents") == [(moment,), (moment,)]


def write_workbook(path: Path, rows: list[list[Any]]) -> None:
    """The smallest workbook that Excel would write: text inline, numbers and days as numbers."""
    cells = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    styles = f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    links = (
        f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{relations}/styles" Target="styles.xml"/></Relationships>'
    )
    root = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", root)
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", links)
        archive.writestr("xl/styles.xml", styles)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{float(value)}</v></c>"
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
