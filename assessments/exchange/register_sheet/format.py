"""A register sheet among the formats: read by the proposed mapping alone, where that is sure enough."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.errors import BadInput
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.loss import Loss
from assessments.exchange.register_sheet.apply import Applied, apply
from assessments.exchange.register_sheet.propose import propose
from assessments.exchange.sheets import is_spreadsheet, read_sheets

SOURCE = "Register sheet"
ENOUGH = 4
ADVICE = "With a mapping (privacy register propose) columns and constants can be set."


def recognise(file: ForeignFile) -> bool:
    """A spreadsheet in which at least four fields of a register are found."""
    if file.content is not None or not is_spreadsheet(file.data, file.place):
        return False
    try:
        found = propose(read_sheets(file.data, file.place), file.place)
    except BadInput:
        return False
    return len(found.mapping.columns) >= ENOUGH


def read(file: ForeignFile) -> Sequence[Reading]:
    """What the proposed mapping gives; rows that cannot land are losses with their reasons."""
    sheets = read_sheets(file.data, file.place)
    found = apply(sheets, propose(sheets, file.place).mapping, file.place)
    return [reading_of(found, file.place)]


def reading_of(found: Applied, place: str) -> Reading:
    """The applied mapping as a reading, for landing."""
    registers = {"purposes": found.purposes, "processing_activities": found.activities}
    rejected = [
        Loss(f"row {row.row}", "the row", f"Not taken. {'; '.join(row.reasons)}. {ADVICE}")
        for row in found.rejected
    ]
    return Reading(
        title=f"{SOURCE}: {place}", source=SOURCE,
        registers={kind: rows for kind, rows in registers.items() if rows},
        counts={
            **{kind: len(rows) for kind, rows in registers.items()},
            "rejected": len(found.rejected),
        },
        losses=(*found.losses, *rejected),
    )  # fmt: skip


FORMAT = Format("register-sheet", "Register spreadsheet", recognise, read)
