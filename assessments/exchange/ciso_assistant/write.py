"""Our record of processing as CISO Assistant's workbook of seven sheets, or as its flat sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exchange.loss import Exported, Loss
from assessments.exchange.vocabulary import vocabulary
from assessments.exchange.workbook import Page, write_workbook
from assessments.questionnaire.packs import load_pack

Row = Mapping[str, Any]
Registers = Mapping[str, Sequence[Row]]

FLAT = (
    "ref_id", "name", "description", "status", "processing_nature", "folder", "assigned_to",
    "labels", "dpia_required", "dpia_reference",
)  # fmt: skip
_SHEETS: Mapping[str, tuple[str, ...]] = {
    "Processing": (
        "ref_id", "name", "description", "status", "processing_nature", "information_channel",
        "usage_channel", "dpia_required", "dpia_reference", "assigned_to", "labels",
    ),
    "Purposes": (
        "processing_ref_id", "name", "description", "legal_basis", "article_9_condition",
    ),
    "Personal data": (
        "processing_ref_id", "name", "description", "category", "retention", "deletion_policy",
        "is_sensitive",
    ),
    "Data subjects": ("processing_ref_id", "name", "description", "category"),
    "Data recipients": ("processing_ref_id", "name", "description", "category"),
    "Contractors": (
        "processing_ref_id", "name", "description", "relationship_type", "country",
        "documentation_link",
    ),
    "Transfers": (
        "processing_ref_id", "name", "description", "country", "transfer_mechanism", "guarantees",
        "documentation_link",
    ),
}  # fmt: skip
_NO_PLACE = {
    "owner_id": "Their processing is assigned to users by mail address.",
    "registered_on": "Their sheet holds no dates.",
    "last_reviewed_on": "Their sheet holds no dates.",
}
_WIDER = "Their list has no such category; 'other' is written, and the name says ours."


def write_flat(registers: Registers, name: str = "processings") -> Exported:
    """The ten columns of the processing list; everything else is lost."""
    activities = registers.get("processing_activities", ())
    rows = [[row.get("activity_id"), row.get("name"), row.get("description"), "Draft",
             "", "", "", "", False, ""] for row in activities]  # fmt: skip
    taken = {"activity_id", "name", "description"}
    losses = _unplaced(activities, taken, "The flat sheet has no such column.")
    data = write_workbook([Page("Sheet1", FLAT, rows)])
    return Exported("ciso-assistant-flat", f"{name}.xlsx", data, tuple(losses))


def write_book(registers: Registers, name: str = "processings") -> Exported:
    """Seven sheets, each row with the reference of its processing."""
    losses: list[Loss] = []
    sheets: dict[str, list[list[Any]]] = {title: [] for title in _SHEETS}
    purposes = {row["purpose_id"]: row for row in registers.get("purposes", ())}
    vendors = {row["name"]: row for row in registers.get("vendors", ())}
    activities = registers.get("processing_activities", ())
    for activity in activities:
        _add(sheets, activity, purposes, vendors, losses)
    taken = {
        "activity_id", "name", "description", "purposes", "lawful_basis", "data_subjects",
        "data_categories", "recipients", "transfer_countries", "transfer_mechanism",
        "retention_period", "special_category_condition",
    }  # fmt: skip
    losses += _unplaced(activities, taken, "Their sheets have no such column.")
    pages = [Page(title, _SHEETS[title], rows) for title, rows in sheets.items()]
    return Exported("ciso-assistant", f"{name}.xlsx", write_workbook(pages), tuple(losses))


def _add(
    sheets: dict[str, list[list[Any]]], activity: Row, purposes: Mapping[str, Row],
    vendors: Mapping[str, Row], losses: list[Loss],
) -> None:  # fmt: skip
    key = activity["activity_id"]
    sheets["Processing"].append(
        [key, activity.get("name"), activity.get("description"), "Draft", *[""] * 3, False,
         "", "", ""]
    )  # fmt: skip
    ground = _their("special_grounds", activity.get("special_category_condition"))
    for purpose_id in activity.get("purposes") or []:
        row = purposes.get(purpose_id, {"name": purpose_id})
        basis = row.get("lawful_basis") or activity.get("lawful_basis")
        sheets["Purposes"].append(
            [key, row["name"], row.get("description"), _their("lawful_bases", basis), ground]
        )
    _add_data(sheets["Personal data"], activity, losses)
    for subject in activity.get("data_subjects") or []:
        sheets["Data subjects"].append([key, subject, "", "other"])
    for recipient in activity.get("recipients") or []:
        _add_recipient(sheets, key, recipient, vendors.get(recipient))
    mechanism = _their("mechanisms", activity.get("transfer_mechanism"))
    for country in activity.get("transfer_countries") or []:
        sheets["Transfers"].append([key, country, "", country, mechanism, "", ""])


def _add_data(rows: list[list[Any]], activity: Row, losses: list[Loss]) -> None:
    key, kept = activity["activity_id"], activity.get("retention_period")
    for category in activity.get("data_categories") or []:
        theirs = _their("categories", category)
        if not theirs:
            losses.append(Loss(f"processing_activities[{key}].data_categories", category, _WIDER))
        rows.append([key, category, "", theirs or "other", kept, "", category in _special()])


def _add_recipient(
    sheets: dict[str, list[list[Any]]], key: str, recipient: str, vendor: Row | None
) -> None:
    if vendor is None:
        sheets["Data recipients"].append([key, recipient, "", "other"])
        return
    role = _their("roles", vendor.get("role")) or "other"
    sheets["Contractors"].append(
        [key, recipient, vendor.get("services"), role, vendor.get("country"), ""]
    )


def _their(table: str, ours: Any) -> str:
    """Their first word for ours; empty when they have none."""
    words: Mapping[str, str] = vocabulary("ciso_assistant")[table]
    return next((theirs for theirs, word in words.items() if word == ours), "") if ours else ""


def _special() -> frozenset[str]:
    entries = load_pack("data_categories").entries()
    return frozenset(str(entry["id"]) for entry in entries if entry["special"])


def _unplaced(activities: Sequence[Row], taken: set[str], why: str) -> list[Loss]:
    """Columns that hold something and have no place there, once each."""
    counts: dict[str, int] = {}
    for row in activities:
        for name, value in row.items():
            if name not in taken and value not in (None, "", [], ()):
                counts[name] = counts.get(name, 0) + 1
    return [
        Loss(f"processing_activities.{name}", f"{n} values", _NO_PLACE.get(name, why))
        for name, n in counts.items()
    ]
