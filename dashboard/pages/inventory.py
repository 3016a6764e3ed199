"""Inventory: datasets, systems, processing activities and vendors of the newest exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Column, Item, Link, Tag, empty, link_list, page_head, paged
from dashboard.components.markup import Cell, Tone
from dashboard.components.search import search_box
from dashboard.inventory.query import Row
from dashboard.inventory.registers import (
    ACTIVITIES,
    DATASETS,
    SYSTEMS,
    VENDORS,
    Register,
    count_entries,
    list_entries,
)
from dashboard.pages import on_warehouse
from dashboard.parameters import one_of
from dashboard.text import counted, day, number, period, say, words

CLASSES: dict[str, Tone] = {"special_category": "bad", "confidential": "warn", "internal": "info"}
TIERS: dict[str, Tone] = {"high": "bad", "medium": "warn", "low": "good"}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a register is shown: its columns and the cells of a row."""

    register: Register
    columns: tuple[Column | str, ...]
    line: Callable[[Row], list[Cell]]


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """One register at a time; which one, the search and the page are in the address."""
    page_head(
        say("Inventory"), say("What is processed, where it lies, why, and who helps with it.")
    )
    listings = _listings()
    kind = st.segmented_control(
        say("Register"), list(listings), default=one_of("kind", list(listings)), required=True,
        key="kind", format_func=words, on_change=_restart,
    )  # fmt: skip
    listing = listings[kind or "datasets"]
    if kind == "activities":
        _record()
    search = search_box(say("Search {kind}", kind=words(kind or "datasets").lower()))
    total = count_entries(cursor, listing.register, search)
    if not total:
        empty(
            say("Nothing matches"),
            say("Try another word. The inventory comes from exports; each load replaces it."),
            Link(say("See what was loaded"), "data_checks"),
        )
        return
    paged(
        words(kind or "datasets"), listing.columns, total,
        lambda limit, offset: [
            listing.line(row)
            for row in list_entries(cursor, listing.register, search, limit, offset)
        ],
    )  # fmt: skip


def _record() -> None:
    """The register of activities is the record of processing: as Art. 30 asks, and from a sheet."""
    links = [
        _link(say("Record of processing"), "article_30", say("As GDPR Art. 30 asks for it")),
        _link(say("Import a register"), "register_import", say("From a spreadsheet")),
    ]
    link_list([("", links)])


def _link(title: str, page: str, hint: str) -> Item:
    return Item(title, Link(title, page), hint)


def class_tag(classification: str) -> Tag:
    """A classification; special categories (GDPR Art. 9) stand out."""
    return Tag(words(classification), CLASSES.get(classification, "neutral"))


def _restart() -> None:
    """Another register starts at its first page; which one is in the address, by its name."""
    st.query_params["kind"] = st.session_state["kind"]
    for key in ("page", "search"):
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)


def _listings() -> dict[str, Listing]:
    return {
        "datasets": Listing(
            DATASETS,
            (
                say("Dataset"), say("Classification"), say("Controls"), say("System"), say("Owner"),
                say("Kept for"),
            ),
            _dataset,
        ),
        "systems": Listing(
            SYSTEMS,
            (
                say("System"), say("Kind"), say("Hosting"), say("Country"), say("Encrypted at rest"),
                Column(say("Datasets"), is_number=True),
            ),
            _system,
        ),
        "activities": Listing(
            ACTIVITIES,
            (say("Activity"), say("Lawful basis"), say("Owner"), say("Kept for"), say("Reviewed")),
            _activity,
        ),
        "vendors": Listing(
            VENDORS,
            (
                say("Vendor"), say("Role"), say("Country"), say("Risk"),
                Column(say("Contracts"), is_number=True),
            ),
            _vendor,
        ),
    }  # fmt: skip


def _dataset(row: Row) -> list[Cell]:
    return [
        Link(row["name"], "dataset", {"id": row["id"]}),
        class_tag(row["classification"]),
        _controls(row),
        row["system"],
        row["owner"],
        period(row["retention_period"]),
    ]


def _controls(row: Row) -> Tag:
    """Whether the class has what it needs; a retired dataset needs nothing."""
    missing = 0 if row["retired_on"] else row["controls_missing"]
    return Tag(counted(missing, "missing", "missing"), "bad") if missing else Tag(say("In place"), "good")  # fmt: skip


def _system(row: Row) -> list[Cell]:
    encrypted = row["encrypted_at_rest"]
    return [
        Link(row["name"], "system", {"id": row["id"]}),
        words(row["kind"]),
        words(row["hosting"]),
        row["country"],
        Tag(say("Yes") if encrypted else say("No"), "good" if encrypted else "warn"),
        number(row["datasets"]),
    ]


def _activity(row: Row) -> list[Cell]:
    return [
        Link(row["name"], "activity", {"id": row["id"]}),
        words(row["lawful_basis"]),
        row["owner"],
        period(row["retention_period"]),
        day(row["last_reviewed_on"]) or Tag(say("Never"), "warn"),
    ]


def _vendor(row: Row) -> list[Cell]:
    return [
        Link(row["name"], "vendor", {"id": row["id"]}),
        words(row["role"]),
        row["country"],
        Tag(words(row["risk_tier"]), TIERS.get(row["risk_tier"], "neutral")),
        number(row["contracts"]),
    ]
