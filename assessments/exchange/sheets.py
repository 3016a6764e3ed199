"""Spreadsheets from strangers: CSV, XLSX and ODS as rows of text, bounded before they are opened.

A workbook that names one far cell makes a reader allocate everything before it, and one repeated
ODS cell can stand for a billion. Both are counted in the XML first. Formulas give their stored
value and are never computed; macros, links and pictures are not looked at.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from assessments.errors import BadInput
from assessments.exchange import archive_files

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 400
MAX_CELLS = 2_000_000
MAX_CELL_TEXT = 32_767
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = ",;\t|"
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{0,9})["']""")
_ODS_PART = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_ROW_REPEAT = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
_COLUMN_REPEAT = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text. A row keeps its number in the file, counted from 1."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def is_spreadsheet(data: bytes, name: str) -> bool:
    """Whether the bytes are an XLSX or ODS workbook, or the name says CSV."""
    return _kind(data) is not None or name.lower().endswith((".csv", ".tsv"))


def read_sheets(data: bytes, name: str) -> list[Sheet]:
    """Every sheet that holds something; BadInput names the file and the reason."""
    if len(data) > MAX_BYTES:
        raise BadInput("The file is too large", f"At most {MAX_BYTES} bytes.", where={"file": name})
    kind = _kind(data)
    if kind is None:
        return [_csv(data, name)]
    _check_workbook(data, name, kind)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = [_sheet(book, title) for title in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        detail = "It is damaged, protected by a password, or not a workbook."
        raise BadInput("The workbook cannot be read", detail, where={"file": name}) from error
    return [sheet for sheet in sheets if sheet.rows]


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers whole, dates ISO 8601, a guarding apostrophe taken off."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return unguard(str(cell).strip(" \u00a0\n"))[:MAX_CELL_TEXT]


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it opens a CSV file (CWE-1236)."""
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


def unguard(text: str) -> str:
    """The text as it was before ``guard``."""
    guarded = text.startswith("'") and text[1:].startswith((*FORMULA_SIGNS, "'"))
    return text[1:] if guarded else text


def _kind(data: bytes) -> str | None:
    if not data.startswith(b"PK\x03\x04"):
        return None
    if data[30:38] == b"mimetype" and b"opendocument.spreadsheet" in data[38:120]:
        return "ods"
    return "xlsx" if b"xl/workbook.xml" in data else None


def _sheet(book: CalamineWorkbook, title: str) -> Sheet:
    rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    texts = [(n, tuple(cell_text(cell) for cell in row)) for n, row in enumerate(rows, start=1)]
    return Sheet(title, tuple((n, row) for n, row in texts if any(row)))


def _csv(data: bytes, name: str) -> Sheet:
    text = _decode(data, name)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in islice(reader, MAX_ROWS + 1):
            if any(cells):
                rows.append((reader.line_num, tuple(map(cell_text, cells))))
    except csv.Error as error:
        where = {"file": name, "line": reader.line_num}
        raise BadInput("The file cannot be read as CSV", f"{error}.", where=where) from error
    _check_size(len(rows), max((len(cells) for _, cells in rows), default=0), name)
    return Sheet("", tuple(rows))


def _decode(data: bytes, name: str) -> str:
    """UTF-8, else UTF-16 with its mark, else the code page that Excel writes in western Europe."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise BadInput("The file is not text", "CSV, XLSX and ODS are read.", where={"file": name})
    return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line outside quotes."""
    first = re.sub(r'"[^"]*"', "", text[:20_000].split("\n", 1)[0])
    return max(_DELIMITERS, key=first.count)


def _check_workbook(data: bytes, name: str, kind: str) -> None:
    for member, content in archive_files.unpack(data, name):
        where = {"file": name, "member": member}
        if not member.endswith((".xml", ".rels")):
            continue
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
            raise BadInput("The workbook declares entities", "No program writes that.", where=where)
        if kind == "xlsx" and member.startswith("xl/worksheets/"):
            _check_size(*_xlsx_extent(content), name)
        if kind == "ods" and member == "content.xml":
            for extent in _ods_extents(content):
                _check_size(*extent, name)


def _xlsx_extent(content: bytes) -> tuple[int, int]:
    height = width = 0
    for letters, digits in _REFERENCE.findall(content):
        height = max(height, int(digits or 0))
        width = max(width, _column(letters))
    return height, width


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods_extents(content: bytes) -> list[tuple[int, int]]:
    """Height and width of what each table fills, empty repeats at its end left out."""
    extents: list[tuple[int, int]] = []
    row = column = repeat = 0
    for part, attributes in _ODS_PART.findall(content):
        if part == b"table":
            extents.append((0, 0))
            row = repeat = 0
        elif part == b"table-row":
            row, column, repeat = row + repeat, 0, _repeat(_ROW_REPEAT, attributes)
        else:
            column += _repeat(_COLUMN_REPEAT, attributes)
            if b"value-type" in attributes and extents:
                height, width = extents[-1]
                extents[-1] = (max(height, row + repeat), max(width, column))
    return extents


def _repeat(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1][:9]) if found else 1


def _check_size(height: int, width: int, name: str) -> None:
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise BadInput(
            "The sheet is too large",
            f"At most {MAX_ROWS} rows, {MAX_COLUMNS} columns and {MAX_CELLS} cells; "
            f"it has {height} rows and {width} columns.",
            where={"file": name},
        )


def table_at(
    sheet: Sheet, header_at: int = 0
) -> tuple[tuple[str, ...], list[tuple[int, Sequence[str]]]]:
    """The header in that row of the sheet, and the rows below it."""
    if not sheet.rows:
        return (), []
    header = tuple(sheet.rows[header_at][1])
    return header, [(n, cells) for n, cells in sheet.rows[header_at + 1 :]]
