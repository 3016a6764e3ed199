"""The sheets of a CISO Assistant workbook by part, each row with its place and its columns by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.exchange.loss import Loss
from assessments.exchange.sheets import Sheet, table_at

PARTS = {
    "processing": "processing", "processings": "processing", "purposes": "purposes",
    "personaldata": "personal_data", "datasubjects": "data_subjects",
    "datarecipients": "data_recipients", "contractors": "contractors",
    "datacontractors": "contractors", "transfers": "transfers", "datatransfers": "transfers",
}  # fmt: skip
_MARKS = {"name", "status", "dpia_required"}
_TAKEN = {
    "processing": {"ref_id", "name", "description"},
    "purposes": {"name", "description", "legal_basis", "article_9_condition"},
    "personal_data": {"name", "category", "retention"},
    "data_subjects": {"name", "category"},
    "data_recipients": {"name", "category"},
    "contractors": {"name", "description", "relationship_type", "country"},
    "transfers": {"country", "transfer_mechanism", "legal_basis"},
}
LINKS = ("processing_ref_id", "processing_ref", "processing", "processing_name", "processing_id")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its place for a loss, and its cells by column."""

    place: str
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(slots=True)
class Book:
    """The rows of every part, what is made of them, and what was lost on the way."""

    sheets: dict[str, list[SheetRow]]
    losses: list[Loss]
    activities: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    purposes: list[dict[str, Any]] = field(default_factory=list)
    vendors: list[dict[str, Any]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def lose(self, where: str, what: str, why: str) -> None:
        self.losses.append(Loss(where, what[:120], why))


def read_book(sheets: Sequence[Sheet]) -> Book | None:
    """The workbook, or None when no sheet has the columns of a processing."""
    parts: dict[str, list[SheetRow]] = {part: [] for part in _TAKEN}
    losses: list[Loss] = []
    is_known = False
    for sheet in sheets:
        header, rows = table_at(sheet)
        columns = [_column(name) for name in header]
        part = _part(sheet.name, columns)
        if part is None:
            why = "No sheet of this name is known; the file is kept."
            losses.append(Loss(f"sheet {sheet.name}", f"{len(rows)} rows", why))
            continue
        is_known = is_known or part == "processing"
        named = [SheetRow(f"{sheet.name or part} row {n}", _cells(columns, r)) for n, r in rows]
        parts[part] += named
        losses += _column_losses(sheet.name or part, part, named)
    return Book(parts, losses) if is_known else None


def _part(name: str, columns: Sequence[str]) -> str | None:
    """The part that a sheet's name says; the flat sheet is known by its columns."""
    found = PARTS.get(re.sub(r"[^a-z]", "", name.lower()))
    if found is None and set(columns) >= _MARKS:
        found = "processing"
    if found == "processing" and not set(columns) >= _MARKS - {"dpia_required"}:
        return None
    return found


def _column(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}


def _column_losses(sheet: str, part: str, rows: Sequence[SheetRow]) -> list[Loss]:
    """Columns that hold something and have no place, once each with their number of values."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row.cells:
            if name not in _TAKEN[part] and name not in LINKS:
                counts[name] = counts.get(name, 0) + 1
    why = "This column has no place in the registers; the file is kept."
    return [Loss(f"{sheet}.{name}", f"{n} values", why) for name, n in counts.items()]
