"""A sheet with its mapping becomes rows of registers; a row that cannot be used says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.loss import Loss
from assessments.exchange.register_sheet import values
from assessments.exchange.register_sheet.mapping import Mapping, check_headers
from assessments.exchange.registers import REQUIRED, identifier, numbered
from assessments.exchange.sheets import Sheet
from assessments.exchange.workbook import Page

KIND = "processing_activities"
SHORT = 80
UNPLACED = "The column is not mapped; the file is kept."


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its number in the file, every reason, and its cells."""

    row: int
    reasons: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """Rows that can land, rows that cannot with their reasons, and what had no place."""

    header: tuple[str, ...]
    activities: tuple[dict[str, Any], ...]
    purposes: tuple[dict[str, Any], ...]
    rejected: tuple[Rejected, ...]
    losses: tuple[Loss, ...]

    def rejected_page(self) -> Page:
        """The rejected rows as a sheet: correct them there and import it again."""
        width = len(self.header)
        rows = [
            [*[*row.cells, *[""] * width][:width], "; ".join(row.reasons)] for row in self.rejected
        ]
        return Page("Rejected", [*self.header, "Reason"], rows)


@dataclass(slots=True)
class _Row:
    """One row while it is read."""

    number: int
    cells: dict[str, list[str]]
    reasons: list[str]
    losses: list[Loss]

    def text(self, field: str) -> str:
        return "\n".join(self.cells.get(field, ()))

    def lose(self, field: str, what: str, why: str) -> None:
        self.losses.append(Loss(f"row {self.number}, {field}", what[:120], why))


def apply(sheets: Sequence[Sheet], mapping: Mapping, place: str = "") -> Applied:
    """Read every row below the header by the mapping."""
    header, body = _table(sheets, mapping, place)
    check_headers(mapping, header, place)
    taken: set[str] = set()
    purposes: dict[str, dict[str, Any]] = {}
    activities, rejected, losses = [], [], _unmapped(header, body, mapping)
    for number, cells in body:
        row = _Row(number, _cells(header, cells, mapping), [], [])
        activity = _activity(row, mapping, taken)
        losses += row.losses
        if row.reasons:
            rejected.append(Rejected(number, tuple(row.reasons), cells))
        else:
            activity["purposes"] = [
                _purpose(purposes, text, activity["lawful_basis"]) for text in activity["purposes"]
            ]
            activities.append(activity)
    return Applied(
        header, tuple(activities), tuple(purposes.values()), tuple(rejected), tuple(losses)
    )


def _table(
    sheets: Sequence[Sheet], mapping: Mapping, place: str
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    found = next((s for s in sheets if not mapping.sheet or s.name == mapping.sheet), None)
    if found is None:
        raise BadInput(f"There is no sheet '{mapping.sheet[:60]}'", where={"file": place})
    header = next((cells for n, cells in found.rows if n == mapping.header_row), ())
    body = [(n, cells) for n, cells in found.rows if n > mapping.header_row]
    return header, body


def _cells(header: Sequence[str], cells: Sequence[str], mapping: Mapping) -> dict[str, list[str]]:
    by_header = dict(zip(header, cells, strict=False))
    found = {
        field: [text for name in names if (text := by_header.get(name, "").strip())]
        for field, names in mapping.columns.items()
    }
    for field, constant in mapping.constants.items():
        found[field] = found.get(field) or [constant]
    return found


def _activity(row: _Row, mapping: Mapping, taken: set[str]) -> dict[str, Any]:
    purposes = _several(row, "purposes")
    name = row.text("name") or (purposes[0][:SHORT] if purposes else "")
    wanted = row.text("activity_id") or (identifier(name) if name else f"row-{row.number}")
    activity: dict[str, Any] = {
        "name": name,
        "description": row.text("description") or "; ".join(purposes),
        "purposes": purposes,
        "lawful_basis": _basis(row),
        "special_category_condition": row.text("special_category_condition") or None,
        "data_subjects": _several(row, "data_subjects"),
        "data_categories": _categories(row),
        "recipients": _several(row, "recipients"),
        "transfer_countries": _several(row, "transfer_countries"),
        "transfer_mechanism": "; ".join(_several(row, "transfer_mechanism")) or None,
        "owner_id": row.text("owner_id"),
        "retention_period": _retention(row),
        "registered_on": _day(row, "registered_on", mapping),
        "last_reviewed_on": _day(row, "last_reviewed_on", mapping),
    }
    told = {reason.split(":")[0] for reason in row.reasons}
    for field in REQUIRED[KIND]:
        if field in activity and activity[field] in (None, "", []) and field not in told:
            row.reasons.append(f"{field}: no value")
    if wanted in taken and row.text("activity_id"):
        row.reasons.append("activity_id: another row has it")
    return {"activity_id": numbered(wanted, taken) if not row.reasons else wanted, **activity}


def _several(row: _Row, field: str) -> list[str]:
    """The values of a cell; a purpose is a sentence, so that its commas do not divide it."""
    has_commas = field != "purposes"
    cells = row.cells.get(field, ())
    return list(dict.fromkeys(i for text in cells for i in values.items(text, has_commas)))


def _basis(row: _Row) -> str | None:
    text = row.text("lawful_basis")
    found = values.basis(text)
    if text and found is None:
        row.reasons.append("lawful_basis: it names no single basis of GDPR Art. 6(1)")
    return found


def _retention(row: _Row) -> str | None:
    text = row.text("retention_period")
    found = values.retention(text)
    if text and found is None:
        row.reasons.append("retention_period: it names no single period, such as 2 years or P2Y")
    return found


def _day(row: _Row, field: str, mapping: Mapping) -> str | None:
    text = row.text(field)
    found = values.day(text, mapping.dates)
    if text and found is None:
        row.reasons.append(f"{field}: it is no date")
    return found.isoformat() if found else None


def _categories(row: _Row) -> list[str]:
    """Our categories; one that is not known is reported, and a row with none known is rejected."""
    found: list[str] = []
    said = _several(row, "data_categories")
    for text in said:
        ours = values.category(text)
        if ours is None:
            row.lose("data_categories", text, "No category here stands for it.")
        elif ours not in found:
            found.append(ours)
    if said and not found:
        row.reasons.append("data_categories: none of them is known here")
    return found


def _purpose(purposes: dict[str, dict[str, Any]], text: str, basis: Any) -> str:
    """The id of a purpose, which is made where it is new."""
    purpose_id = identifier(text[:SHORT])
    purposes.setdefault(
        purpose_id,
        {
            "purpose_id": purpose_id,
            "name": text[:SHORT],
            "description": text,
            "lawful_basis": basis,
        },
    )
    return purpose_id


def _unmapped(
    header: Sequence[str], body: Sequence[tuple[int, Sequence[str]]], mapping: Mapping
) -> list[Loss]:
    mapped = {name for names in mapping.columns.values() for name in names}
    losses = []
    for column, name in enumerate(header):
        count = sum(1 for _, cells in body if column < len(cells) and cells[column])
        if count and name not in mapped:
            losses.append(Loss(f"column {name or column + 1}", f"{count} values", UNPLACED))
    return losses
