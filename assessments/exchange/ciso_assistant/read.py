"""CISO Assistant's register of processings: the flat sheet and the workbook of seven sheets.

Rows of the other sheets belong to a processing by its reference, or by its name. Its statuses,
folders, labels and DPIA flags have no place in the record of processing and are reported.
"""

from __future__ import annotations

from collections.abc import Sequence

from assessments.errors import BadInput
from assessments.exchange.ciso_assistant.activities import add_parts, add_processing, reading_of
from assessments.exchange.ciso_assistant.book import Book, read_book
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.sheets import is_spreadsheet, read_sheets

TITLE = "CISO Assistant processings"


def recognise(file: ForeignFile) -> bool:
    """A sheet with the columns of a processing; quick for a CSV, a look inside for a workbook."""
    if file.content is not None or not is_spreadsheet(file.data, file.place):
        return False
    try:
        return read_book(read_sheets(file.data, file.place)) is not None
    except BadInput:
        return False


def read(file: ForeignFile) -> Sequence[Reading]:
    """Rows for activities, purposes and vendors, and everything that had no place."""
    book = read_book(read_sheets(file.data, file.place))
    if book is None:
        detail = "A sheet with the columns ref_id, name, status and dpia_required was expected."
        raise BadInput("This is no CISO Assistant sheet", detail, where={"file": file.place})
    return [_reading(book, file.place)]


def _reading(book: Book, place: str) -> Reading:
    for row in book.sheets["processing"]:
        add_processing(book, row)
    add_parts(book)
    return reading_of(book, f"{TITLE}: {place}")


FORMAT = Format("ciso-assistant", TITLE, recognise, read)
