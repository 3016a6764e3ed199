"""Processing activities, purposes and vendors out of the sheets of CISO Assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.ciso_assistant.book import LINKS, Book, SheetRow
from assessments.exchange.frame import Reading
from assessments.exchange.registers import gaps, identifier, numbered
from assessments.exchange.vocabulary import period, vocabulary

SOURCE = "CISO Assistant"
_STRAY = "It names no processing of this workbook, so it belongs to none."
_NO_WORD = "No word of ours stands for it; add it in the register."
_SEVERAL = "They differ, and the register holds one; a person decides which."


def add_processing(book: Book, row: SheetRow) -> None:
    """One activity a processing; its reference is its id, else its name."""
    name = row.get("name")
    reference = row.get("ref_id") or identifier(name)
    if not name and not row.get("ref_id"):
        book.lose(row.place, "a row without name", "Nothing tells which processing it is.")
        return
    activity_id = numbered(reference, book.taken)
    if activity_id != reference:
        book.lose(row.place, reference, f"The reference is used twice; this row is {activity_id}.")
    book.activities[activity_id] = {
        "activity_id": activity_id,
        "name": name or reference,
        "description": row.get("description"),
        "purposes": [], "data_subjects": [], "data_categories": [], "recipients": [],
        "transfer_countries": [],
    }  # fmt: skip
    book.names.setdefault(reference.casefold(), activity_id)
    book.names.setdefault(name.casefold(), activity_id)


def add_parts(book: Book) -> None:
    """What the other sheets say about the activities."""
    adders = {
        "purposes": _add_purpose, "personal_data": _add_data, "data_subjects": _add_subject,
        "data_recipients": _add_recipient, "contractors": _add_contractor,
        "transfers": _add_transfer,
    }  # fmt: skip
    for part, add in adders.items():
        for row in book.sheets[part]:
            activity = _activity(book, row)
            if activity is None:
                book.lose(row.place, "a row", _STRAY)
            else:
                add(book, row, activity)
    for activity in book.activities.values():
        _settle(book, activity)


def reading_of(book: Book, title: str) -> Reading:
    """The registers, and for each what a required column still lacks."""
    registers: dict[str, list[dict[str, Any]]] = {
        "purposes": book.purposes,
        "vendors": book.vendors,
        "processing_activities": list(book.activities.values()),
    }
    filled = {kind: rows for kind, rows in registers.items() if rows}
    missing = [loss for kind, rows in filled.items() for loss in gaps(kind, rows)]
    return Reading(
        title=title, source=SOURCE, registers=filled,
        counts={kind: len(rows) for kind, rows in filled.items()},
        losses=(*book.losses, *missing),
    )  # fmt: skip


def _activity(book: Book, row: SheetRow) -> dict[str, Any] | None:
    named = next((row.get(link) for link in LINKS if row.get(link)), "")
    activity_id = book.names.get(named.casefold())
    return book.activities[activity_id] if activity_id else None


def _word(book: Book, row: SheetRow, column: str, table: str) -> str | None:
    """Our word for theirs, by code or label; a word without counterpart is reported."""
    theirs = row.get(column)
    words: Mapping[str, str] = vocabulary("ciso_assistant")[table]
    plain = theirs.strip().lower()
    found = words.get(plain) or words.get(plain.replace(" ", "_"))
    if theirs and found is None:
        book.lose(f"{row.place}, {column}", theirs, _NO_WORD)
    return found


def _add_purpose(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    name = row.get("name") or "purpose"
    purpose_id = numbered(identifier(f"{activity['activity_id']}-{name}"), book.taken)
    basis = _word(book, row, "legal_basis", "lawful_bases")
    book.purposes.append(
        {"purpose_id": purpose_id, "name": name, "description": row.get("description"),
         "lawful_basis": basis}
    )  # fmt: skip
    activity["purposes"].append(purpose_id)
    _collect(activity, "bases", basis)
    _collect(activity, "grounds", _word(book, row, "article_9_condition", "special_grounds"))


def _add_data(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    _collect(activity, "data_categories", _word(book, row, "category", "categories"))
    words = row.get("retention")
    found = period(words) if words else None
    if words and found is None:
        book.lose(f"{row.place}, retention", "a text", "It names no single period of time.")
    _collect(activity, "periods", found)


def _add_subject(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    _collect(activity, "data_subjects", row.get("name") or row.get("category"))


def _add_recipient(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    _collect(activity, "recipients", row.get("name") or row.get("category"))


def _add_contractor(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    """A contractor is a recipient of the activity, and a vendor once."""
    name = row.get("name")
    if not name:
        book.lose(row.place, "a contractor without name", "Nothing tells who it is.")
        return
    _collect(activity, "recipients", name)
    if any(vendor["name"] == name for vendor in book.vendors):
        return
    book.vendors.append(
        {"vendor_id": numbered(identifier(name, "v-"), book.taken), "name": name,
         "role": _word(book, row, "relationship_type", "roles"), "country": row.get("country"),
         "services": row.get("description")}
    )  # fmt: skip


def _add_transfer(book: Book, row: SheetRow, activity: dict[str, Any]) -> None:
    _collect(activity, "transfer_countries", row.get("country"))
    column = "transfer_mechanism" if row.get("transfer_mechanism") else "legal_basis"
    _collect(activity, "mechanisms", _word(book, row, column, "mechanisms"))


def _collect(activity: dict[str, Any], name: str, value: str | None) -> None:
    found = activity.setdefault(name, [])
    if value and value not in found:
        found.append(value)


def _settle(book: Book, activity: dict[str, Any]) -> None:
    """Columns that hold one value get it where all rows agree."""
    single = {"bases": "lawful_basis", "grounds": "special_category_condition",
              "periods": "retention_period", "mechanisms": "transfer_mechanism"}  # fmt: skip
    for several, column in single.items():
        values = activity.pop(several, [])
        activity[column] = values[0] if len(values) == 1 else None
        if len(values) > 1:
            where = f"processing {activity['activity_id']}.{column}"
            book.lose(where, ", ".join(values), _SEVERAL)
