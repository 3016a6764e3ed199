"""Workbooks that people open in a spreadsheet: typed cells, a frozen header, no formulas.

A text that starts like a formula is stored as a string and carries Excel's own quote mark
(``quotePrefix``), so that editing or copying the cell keeps it text; its content stays as it was.
CSV has no types: there a leading apostrophe does the same (CWE-1236), and our reader takes it off.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from assessments.exchange.sheets import FORMULA_SIGNS, MAX_CELL_TEXT, guard

_WIDEST, _NARROWEST = 60, 10
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet to write. notes stand above the header, a line each."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = ()


def write_workbook(pages: Sequence[Page], properties: Mapping[str, str] | None = None) -> bytes:
    """The pages as one XLSX file; the same pages give the same bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": True}  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": dt.datetime(2000, 1, 1), **(properties or {})})
    formats = _Formats(book)
    for number, page in enumerate(pages, start=1):
        _write_page(book.add_worksheet(sheet_title(page.title, number)), page, formats)
    book.close()
    return out.getvalue()


def write_csv(page: Page) -> bytes:
    """One page as CSV with a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guard(name) for name in page.header])
    for row in page.rows:
        writer.writerow([guard(shown(value)) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def shown(value: Any) -> str:
    """A value as text: dates ISO 8601, lists joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def sheet_title(title: str, number: int) -> str:
    """A title that every spreadsheet accepts: at most 31 characters, without ``[]:*?/\\'``."""
    plain = " ".join(_FORBIDDEN.sub(" ", title).split())
    return plain[:31].strip() or f"Sheet {number}"


class _Formats:
    """The few formats that a register needs, made once a workbook."""

    def __init__(self, book: Any) -> None:
        top = {"valign": "top", "text_wrap": True}
        self.note = book.add_format({"italic": True})
        self.header = book.add_format({**top, "bold": True, "bottom": 1, "bg_color": "#E8ECF0"})
        self.text = book.add_format(top)
        self.quoted = book.add_format({**top, "quote_prefix": True})
        self.day = book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm"})
        self.number = book.add_format(top)


def _write_page(sheet: Any, page: Page, formats: _Formats) -> None:
    for line, note in enumerate(page.notes):
        sheet.write_string(line, 0, _clean(note), formats.note)
    top = len(page.notes)
    for column, name in enumerate(page.header):
        sheet.write_string(top, column, _clean(name), formats.header)
        sheet.set_column(column, column, _width(page, column))
    for line, row in enumerate(page.rows, start=top + 1):
        for column, value in enumerate(row):
            _write_cell(sheet, line, column, value, formats)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if page.rows and page.header:
        sheet.autofilter(top, 0, top + len(page.rows), len(page.header) - 1)


def _write_cell(sheet: Any, line: int, column: int, value: Any, formats: _Formats) -> None:
    if value is None or value == "":
        sheet.write_blank(line, column, None, formats.text)
    elif isinstance(value, bool):
        sheet.write_boolean(line, column, value, formats.text)
    elif isinstance(value, int | float):
        sheet.write_number(line, column, value, formats.number)
    elif isinstance(value, dt.datetime):
        naive = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(line, column, naive, formats.moment)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, column, value, formats.day)
    else:
        text = _clean(shown(value))
        is_risky = text.startswith(FORMULA_SIGNS)
        sheet.write_string(line, column, text, formats.quoted if is_risky else formats.text)


def _clean(text: str) -> str:
    """Without what XML cannot hold, and no longer than a cell may be."""
    return _UNPRINTABLE.sub("\ufffd", text)[:MAX_CELL_TEXT]


def _width(page: Page, column: int) -> int:
    texts = [shown(row[column]) for row in page.rows[:200] if column < len(row)]
    longest = max((len(text) for text in [page.header[column], *texts]), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)
