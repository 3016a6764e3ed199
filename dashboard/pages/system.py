"""One system: where it runs, who answers for it, and which datasets lie in it."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Link, Tag, empty, facts, page_head, table
from dashboard.inventory.query import NOW, rows
from dashboard.inventory.registers import SYSTEMS, VENDORS, find_entry, name_of, person_name
from dashboard.pages import on_warehouse
from dashboard.pages.inventory import class_tag
from dashboard.parameters import required
from dashboard.text import period, say, words


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything the exports say about the system in the address."""
    system = find_entry(cursor, SYSTEMS, required("id"))
    vendor = system["vendor_id"]
    is_encrypted = system["encrypted_at_rest"]
    page_head(
        system["name"], system["description"],
        [Link(say("Inventory"), "inventory"), Link(say("Systems"), "inventory", {"kind": "systems"})],
    )  # fmt: skip
    facts(
        [
            (say("Kind"), words(system["kind"])),
            (say("Owner"), person_name(cursor, system["owner_id"])),
            (say("Hosting"), words(system["hosting"])),
            (say("Country"), system["country"]),
            (say("Vendor"), Link(name_of(cursor, VENDORS, vendor), "vendor", {"id": vendor}) if vendor else say("None")),
            (say("Encrypted at rest"), Tag(say("Yes"), "good") if is_encrypted else Tag(say("No"), "warn")),
        ]
    )  # fmt: skip
    st.header(say("Datasets"), anchor=False)
    sql = f"select dataset_id, name, classification, retention_period from datasets where system_id = $id and {NOW} order by lower(name)"
    found = rows(cursor, sql, id=system["system_id"])
    if not found:
        empty(say("No datasets"), say("No dataset of the export lies in this system."))
        return
    table(
        say("Datasets in this system"),
        [say("Dataset"), say("Classification"), say("Kept for")],
        [
            [
                Link(row["name"], "dataset", {"id": row["dataset_id"]}),
                class_tag(row["classification"]),
                period(row["retention_period"]),
            ]
            for row in found
        ],
    )
