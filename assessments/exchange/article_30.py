"""The records of processing of GDPR Art. 30(1) (controller) and 30(2) (processor).

Each column carries its letter; what an entry lacks is said in its last column and not filled in.
Letters (f) and (g), and (d) of Art. 30(2), are owed "where possible"; they are listed all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.vocabulary import vocabulary
from assessments.exchange.workbook import Page, shown
from assessments.questionnaire.durations import in_words

ARTICLES = ("30-1", "30-2")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who keeps the record: letter (a) asks for names and contact details."""

    organisation: str = ""
    contact: str = ""
    representative: str = ""
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One activity or mandate: cells by column, and what is missing, each with its letter."""

    id: str
    cells: Mapping[str, Any]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the letter of the paragraph that asks for it; "" when none does."""

    id: str
    title: str
    letter: str

    @property
    def heading(self) -> str:
        return f"({self.letter}) {self.title}" if self.letter else self.title


@dataclass(frozen=True, slots=True)
class Register:
    """A record of Art. 30, ready to be shown, printed or written."""

    article: str
    title: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    as_of: date | None = None
    notes: tuple[str, ...] = ()
    shared_gaps: tuple[str, ...] = ()
    """What letter (a) asks for once and for all entries, and nobody has said."""

    @property
    def gaps(self) -> int:
        """How many things are missing, those of all entries counted once."""
        return len(self.shared_gaps) + sum(len(entry.gaps) for entry in self.entries)

    def as_page(self) -> Page:
        """The register as a sheet."""
        header = [column.heading for column in self.columns]
        rows = [[entry.cells.get(column.id) for column in self.columns] for entry in self.entries]
        day = f"As of {self.as_of.isoformat()}. " if self.as_of else ""
        told = f"{day}{len(self.entries)} entries, {self.gaps} missing values."
        missing = [f"Missing in every entry: {gap}" for gap in self.shared_gaps]
        return Page(
            f"Art. {self.article.replace('-', '(')})",
            header,
            rows,
            (self.title, told, *self.notes, *missing),
        )

    def as_dict(self) -> dict[str, Any]:
        """The answer of the command: entries with texts, and their gaps apart."""
        return {
            "article": self.article,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "entries": [
                {
                    "id": e.id,
                    "cells": {k: shown(v) for k, v in e.cells.items()},
                    "gaps": list(e.gaps),
                }
                for e in self.entries
            ],
            "gaps": self.gaps,
            "shared_gaps": list(self.shared_gaps),
            "notes": list(self.notes),
        }


def columns_of(article: str) -> tuple[str, tuple[Column, ...]]:
    """Title and columns of a record; BadInput for anything but 30-1 and 30-2."""
    if article not in ARTICLES:
        raise BadInput(
            f"There is no record {article[:20]}", "Records: 30-1, 30-2.", field="article"
        )
    told = vocabulary("article_30")[article]
    return told["title"], tuple(Column(**column) for column in told["columns"])


def controller_register(
    parties: Parties, activities: Sequence[Row], as_of: date | None = None
) -> Register:
    """Art. 30(1). An activity has its own columns, and: purpose_names, joint_controllers,
    vendors (name, role, country) among its recipients, systems (name, encrypted_at_rest), maskings.
    """
    title, columns = columns_of("30-1")
    entries = tuple(_activity(parties, row) for row in activities)
    gaps = _shared_gaps(parties, "controller")
    return Register("30-1", title, columns, entries, as_of, shared_gaps=gaps)


def processor_register(
    parties: Parties, mandates: Sequence[Row], as_of: date | None = None
) -> Register:
    """Art. 30(2). A mandate has its own columns, and systems (name, encrypted_at_rest)."""
    title, columns = columns_of("30-2")
    entries = tuple(_mandate(parties, row) for row in mandates)
    note = "No mandate is on record: either nothing is done for other controllers, or their list "
    notes = () if mandates else (note + "(export kind mandates) has not been loaded.",)
    gaps = _shared_gaps(parties, "processor")
    return Register("30-2", title, columns, entries, as_of, notes, gaps)


def _activity(parties: Parties, row: Row) -> Entry:
    cells = {
        "activity": f"{row['name']} ({row['activity_id']})",
        "controller": _party(parties.organisation, parties.contact),
        "joint": list(row.get("joint_controllers") or []),
        "representative": parties.representative,
        "officer": parties.officer,
        "purposes": list(row.get("purpose_names") or []),
        "subjects": list(row.get("data_subjects") or []),
        "categories": list(row.get("data_categories") or []),
        "recipients": list(row.get("recipients") or []),
        "transfers": _transfers(row),
        "retention": in_words(row["retention_period"]) if row.get("retention_period") else "",
        "security": _security(row),
        "basis": _basis(row),
        "reviewed": row.get("last_reviewed_on"),
    }
    wanted = [
        ("b", "purposes", "the purposes"),
        ("c", "subjects", "the categories of people"),
        ("c", "categories", "the categories of data"),
        ("d", "recipients", "the recipients, or that there are none"),
        ("f", "retention", "the time limit for erasure"),
        ("g", "security", "security measures: no dataset names the activity"),
    ]
    gaps = _missing(cells, wanted) + _transfer_gaps(row, "e")
    return Entry(row["activity_id"], {**cells, "gaps": _told(gaps)}, tuple(gaps))


def _mandate(parties: Parties, row: Row) -> Entry:
    cells = {
        "mandate": row["mandate_id"],
        "processor": _party(parties.organisation, parties.contact),
        "controller": _party(row.get("controller_name"), row.get("controller_contact")),
        "representative": _both(parties.representative, row.get("controller_representative")),
        "officer": _both(parties.officer, row.get("controller_dpo")),
        "operations": list(row.get("operations") or []),
        "transfers": _transfers(row),
        "security": _security(row),
        "since": row.get("starts_on"),
        "until": row.get("ends_on"),
    }
    wanted = [
        ("a", "controller", "the controller's name and contact"),
        ("b", "operations", "the categories of processing"),
        ("d", "security", "security measures: the mandate names no system"),
    ]
    gaps = _missing(cells, wanted) + _transfer_gaps(row, "c")
    return Entry(row["mandate_id"], {**cells, "gaps": _told(gaps)}, tuple(gaps))


def _missing(cells: Row, wanted: Sequence[tuple[str, str, str]]) -> list[str]:
    return [f"({letter}) {what}" for letter, column, what in wanted if not cells[column]]


def _shared_gaps(parties: Parties, who: str) -> tuple[str, ...]:
    wanted = (
        (parties.organisation, f"(a) the {who}'s name"),
        (parties.contact, f"(a) how to reach the {who}"),
        (parties.officer, f"(a) the {who}'s data protection officer, or that there is none"),
    )
    return tuple(what for said, what in wanted if not said)


def _transfer_gaps(row: Row, letter: str) -> list[str]:
    """A transfer without its ground, and a recipient abroad that no transfer stands for."""
    countries = set(row.get("transfer_countries") or [])
    gaps = []
    if countries and not row.get("transfer_mechanism"):
        gaps.append(f"({letter}) the ground of the transfers")
    inside = set(vocabulary("article_30")["eea"])
    for vendor in row.get("vendors") or []:
        country = vendor.get("country")
        if country and country not in inside | countries:
            gaps.append(f"({letter}) {vendor['name']} is in {country}, but no transfer is recorded")
    return gaps


def _transfers(row: Row) -> str:
    countries = ", ".join(row.get("transfer_countries") or [])
    mechanism = row.get("transfer_mechanism") or ""
    return f"{countries}: {mechanism.replace('_', ' ')}" if countries and mechanism else countries


def _security(row: Row) -> list[str]:
    """What the inventory knows of the systems and datasets; nothing is claimed beyond that."""
    systems = list(row.get("systems") or [])
    found = []
    if systems:
        bare = [system["name"] for system in systems if not system.get("encrypted_at_rest")]
        told = f"encrypted at rest in {len(systems) - len(bare)} of {len(systems)} systems"
        found.append(f"{told} (not: {', '.join(bare)})" if bare else told)
    masked = [m for m in row.get("maskings") or [] if m not in ("none", "not_applicable")]
    return found + [f"{name} data" for name in dict.fromkeys(masked)]


def _basis(row: Row) -> str:
    parts = [row.get("lawful_basis"), row.get("special_category_condition")]
    return "; ".join(str(part).replace("_", " ") for part in parts if part)


def _party(name: Any, contact: Any) -> str:
    return ", ".join(str(part) for part in (name, contact) if part)


def _both(ours: Any, theirs: Any) -> list[str]:
    told = [f"processor: {ours}"] if ours else []
    return told + ([f"controller: {theirs}"] if theirs else [])


def _told(gaps: Sequence[str]) -> str:
    return "; ".join(gaps)
