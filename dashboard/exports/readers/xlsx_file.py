"""Excel workbooks: the sheet named after the kind, else the first; its first row is the header."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from assessments.errors import BadInput
from dashboard.exports.contract import Contract
from dashboard.exports.readers.source import Source, match_header
from dashboard.exports.staging import Record, create_staged, pour

SIZE_LIMIT = 64 << 20
CELL_LIMIT = 20_000_000
_CHUNK, _LONGEST = 1 << 20, 64
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,9})["']""")


def read_header(source: Source) -> tuple[str, ...]:
    """The names in the first row."""
    rows = _rows(source)
    if not rows or not any(_text(cell) for cell in rows[0]):
        raise BadInput("The sheet is empty", where={"file": source.name})
    names = [(_text(cell) or "").strip() for cell in rows[0]]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, contract: Contract
) -> tuple[str, ...]:
    """Stage every row that is not empty; returns the names of the extra columns."""
    mapping = match_header(source, contract, read_header(source))
    create_staged(connection, contract)
    pour(connection, contract, _records(source, mapping.header, mapping.extra))
    return mapping.extra


def _records(source: Source, header: tuple[str, ...], extra: tuple[str, ...]) -> Iterator[Record]:
    for number, row in enumerate(_rows(source)[1:], start=2):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue
        raw = json.dumps(cells, ensure_ascii=False)
        values = dict(zip(header, cells, strict=False))
        beside = json.dumps({name: values.get(name) for name in extra}) if extra else None
        outside = any(cells[len(header) :])
        yield Record(
            number, raw, {} if outside else values,
            "the row has cells beyond the header" if outside else None, beside,
        )  # fmt: skip


def _rows(source: Source) -> list[list[Any]]:
    where = {"file": source.name}
    if source.fingerprint.size > SIZE_LIMIT:
        raise BadInput(
            "This workbook is too large", "Save the sheet as CSV and load that.", where=where
        )
    try:
        _check_extent(source)
        with CalamineWorkbook.from_path(str(source.path)) as book:
            names = book.sheet_names
            if not names:
                raise BadInput("The workbook has no sheets", where=where)
            stem = source.path.stem.casefold()
            chosen = next((name for name in names if name.casefold() == stem), names[0])
            return book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput(
            "This workbook cannot be read",
            "It is damaged, protected by a password or no Excel file.",
            where=where,
        ) from error


def _check_extent(source: Source) -> None:
    """Refuse a sheet whose far cell would make the reader allocate everything before it."""
    with zipfile.ZipFile(source.path) as archive:
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                with archive.open(info) as handle:
                    height, width = _extent(handle)
                if height * width > CELL_LIMIT:
                    raise BadInput(
                        "The sheet is too large",
                        f"At most {CELL_LIMIT} cells; it reaches row {height}, column {width}. "
                        "Delete what stands far out, or save the sheet as CSV.",
                        where={"file": source.name},
                    )


def _extent(handle: IO[bytes]) -> tuple[int, int]:
    """The last row and column that the sheet's XML names, read piece by piece."""
    height = width = 0
    rest = b""
    while piece := handle.read(_CHUNK):
        text = rest + piece
        for letters, digits in _REFERENCE.findall(text):
            height = max(height, int(digits))
            width = max(width, sum((c - 64) * 26**n for n, c in enumerate(reversed(letters))))
        rest = text[-_LONGEST:]
    return height, width


def _text(cell: Any) -> str | None:
    """A cell as text. Excel keeps whole numbers as floating point; they come back whole."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat() + "Z"
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)
