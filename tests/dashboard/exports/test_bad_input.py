"""Every kind of bad input gets a clear answer, and nothing is lost."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assessments.errors import BadInput, NotFound
from dashboard.exports import load as loading
from dashboard.exports.lines import LINE_LIMIT


def test_an_empty_file_is_left_aside(desk: Any) -> None:
    for content in (b"", b"\n", b"\xef\xbb\xbf"):
        error = desk.refusal("vendors.csv", content)
        assert isinstance(error, BadInput)
        assert error.title == "The file is empty"
        assert error.exit_code == 2


def test_a_file_with_another_header_is_left_aside_whole(desk: Any) -> None:
    error = desk.refusal("vendors.csv", ["id,label", "1,x"])
    assert "does not fit" in error.title
    assert error.where == {"file": "vendors.csv", "line": 1, "column": "vendor_id"}
    assert desk.ask("select count(*) from loads") == [(0,)]


def test_a_header_with_a_column_twice_is_left_aside(desk: Any, vendors: Any) -> None:
    head, *_ = vendors()
    assert "twice" in desk.refusal("vendors.csv", [f"{head},name", ""]).title


def test_another_delimiter_is_named_as_the_likely_mistake(desk: Any, vendors: Any) -> None:
    lines = [line.replace(",", ";") for line in vendors(vendors.row(1))]
    assert "--delimiter" in desk.refusal("vendors.csv", lines).detail


def test_extra_columns_are_kept_aside_and_reported(desk: Any, vendors: Any) -> None:
    head, row = vendors(vendors.row(1))
    found = desk.load("vendors.csv", [f"{head},colour", f"{row},red"])
    assert found.extra_columns == ("colour",)
    assert desk.ask("select extra from extra_values") == [('{"colour":"red"}',)]


def test_a_very_long_line_is_quarantined_in_bounded_memory(desk: Any, vendors: Any) -> None:
    head, first, last = vendors(vendors.row(1), vendors.row(2))
    path = desk.folder / "vendors.csv"
    with path.open("wb") as file:
        file.write(f"{head}\n{first}\n".encode())
        for _ in range(64):
            file.write(b"x" * LINE_LIMIT)
        file.write(f"\n{last}\n".encode())
    (found,) = desk.report(path).files
    assert (found.rows, found.landed, found.quarantined) == (3, 2, 1)
    ((line, reasons, raw),) = desk.ask("select line_no, reasons, raw from quarantine")
    assert line == 3
    assert "longer than" in reasons[0]
    assert len(raw) < 2000
    assert f"({64 * LINE_LIMIT} bytes)" in raw


def test_invalid_utf8_costs_only_its_own_line(desk: Any, vendors: Any) -> None:
    lines = [line.encode() for line in vendors(*(vendors.row(n) for n in range(5)))]
    lines[3] = lines[3].replace(b"Vendor", b"V\xff\xfendor")
    found = desk.load("vendors.csv", b"\n".join(lines))
    assert (found.landed, found.quarantined) == (4, 1)
    ((line, raw),) = desk.ask("select line_no, raw from quarantine")
    assert line == 4
    assert "V\\xff\\xfendor" in raw


def test_the_31st_of_february_is_no_date(desk: Any) -> None:
    head = "hold_id,dataset_id,matter,starts_on,ends_on,ordered_by"
    found = desk.load(
        "legal_holds.csv",
        [head, "h-1,d-1,Case,2026-02-31,,p-1", "h-2,d-1,Case,2026-02-28,2026-2-3,p-1",
         "h-3,d-1,Case,2024-02-29,,p-1"],
    )  # fmt: skip
    assert found.landed == 1
    assert dict(found.reasons) == {
        "starts_on must be a date that exists, written YYYY-MM-DD": 1,
        "ends_on must be a date that exists, written YYYY-MM-DD": 1,
    }


def test_a_repeated_key_lands_once(desk: Any, vendors: Any) -> None:
    found = desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2), vendors.row(1)))
    assert dict(found.reasons) == {"vendor_id must not repeat an earlier row": 1}
    assert desk.ask("select line_no from quarantine") == [(4,)]
    assert desk.ask("select count(*) from vendors") == [(2,)]


def test_an_unknown_data_category_is_quarantined(desk: Any) -> None:
    head = "dataset_id,field,type,description,declared_category"
    found = desk.load("dataset_fields.csv", [head, "d-1,a,text,A,name", "d-1,b,text,B,shoe_size"])
    assert dict(found.reasons) == {
        "declared_category must be a category of the pack data_categories": 1
    }
    assert desk.ask("select columns from quarantine") == [(["declared_category"],)]


def test_a_row_is_quarantined_with_all_its_reasons_and_its_raw_line(
    desk: Any, vendors: Any
) -> None:
    bad = vendors.row(7, role="friend", country="", risk_tier="none")
    desk.load("vendors.csv", vendors(vendors.row(1), bad))
    ((path, line, reasons, columns, raw),) = desk.ask(
        "select path, line_no, reasons, columns, raw from quarantine"
    )
    assert (path, line, raw) == ("vendors.csv", 3, bad)
    assert columns == ["role", "country", "risk_tier"]
    assert len(reasons) == 3


def test_a_file_that_changes_while_it_is_read_is_refused(
    desk: Any, vendors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1)))
    settle = loading.settle

    def write_meanwhile(*arguments: Any) -> int:
        with path.open("a") as file:
            file.write(vendors.row(2) + "\n")
        return int(settle(*arguments))

    monkeypatch.setattr(loading, "settle", write_meanwhile)
    report = desk.report(path)
    assert report.held[0].error.title == "The file changed while it was read"
    assert desk.ask("select (select count(*) from vendors), (select count(*) from loads)") == [
        (0, 0)
    ]
    monkeypatch.undo()
    (found,) = desk.report(path).files
    assert found.landed == 2


def test_one_unreadable_file_does_not_keep_the_others_out(desk: Any, vendors: Any) -> None:
    good = desk.write("vendors.csv", vendors(vendors.row(1)))
    bad = desk.write("people.csv", "")
    strange = desk.write("strange.csv", "a,b\n1,2\n")
    report = desk.report(good, bad, strange)
    assert [file.landed for file in report.files] == [1]
    assert {held.path for held in report.held} == {"people.csv", "strange.csv"}


def test_a_missing_file_an_unknown_suffix_and_a_folder_without_exports_are_answered(
    desk: Any,
) -> None:
    with pytest.raises(BadInput, match="no such file"):
        desk.report(desk.folder / "absent.csv")
    with pytest.raises(BadInput, match="nothing to load"):
        desk.report(desk.folder)
    error = desk.refusal("people.pdf", "x")
    assert "cannot be loaded" in error.title
    assert isinstance(desk.refusal("people.csv", "a", kind="pets"), NotFound)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_without_permission_is_left_aside(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors())
    path.chmod(0)
    assert "cannot be read" in desk.report(path).held[0].error.title


def test_an_empty_list_does_not_end_everything_unless_it_is_meant(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1)))
    assert "list is empty" in desk.refusal("vendors.csv", vendors()).title
    found = desk.load("vendors.csv", vendors(), may_be_empty=True)
    assert found.ended == 1
