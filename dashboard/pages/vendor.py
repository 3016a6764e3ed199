"""One vendor: its role, its contracts, and what it touches."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Link, Tag, empty, facts, page_head, table
from dashboard.components.markup import Cell
from dashboard.inventory.query import NOW, Row, rows
from dashboard.inventory.registers import VENDORS, find_entry
from dashboard.pages import on_warehouse
from dashboard.pages.inventory import TIERS
from dashboard.parameters import required
from dashboard.text import day, say, words


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything the exports say about the vendor in the address."""
    vendor = find_entry(cursor, VENDORS, required("id"))
    page_head(
        vendor["name"], vendor["services"],
        [Link(say("Inventory"), "inventory"), Link(say("Vendors"), "inventory", {"kind": "vendors"})],
    )  # fmt: skip
    by_vendor = f"where vendor_id = $id and {NOW} order by lower(name)"
    systems = rows(
        cursor, f"select system_id, name from systems {by_vendor}", id=vendor["vendor_id"]
    )
    facts(
        [
            (say("Role"), words(vendor["role"])),
            (say("Country"), vendor["country"]),
            (say("Risk"), Tag(words(vendor["risk_tier"]), TIERS.get(vendor["risk_tier"], "neutral"))),
            (say("Contact"), vendor["contact_email"]),
            (say("Review"), Link(say("Begin a review"), "assessments", {"template": "vendor_review", "vendor": vendor["vendor_id"]})),
            (say("Systems"), [Link(row["name"], "system", {"id": row["system_id"]}) for row in systems] or say("None")),
        ]
    )  # fmt: skip
    _contracts(cursor, vendor["vendor_id"])


def _contracts(cursor: DuckDBPyConnection, vendor_id: str) -> None:
    st.header(say("Contracts"), anchor=False)
    sql = f"select * from contracts where vendor_id = $id and {NOW} order by signed_on desc"
    found = rows(cursor, sql, id=vendor_id)
    if not found:
        empty(say("No contract"), say("The contracts export names none for this vendor."))
        return
    columns = [
        say("Contract"), say("Signed"), say("Expires"), say("Processing agreement"),
        say("Transfer"), say("Audit right"), say("Reviewed"),
    ]  # fmt: skip
    table(say("Contracts"), columns, [_contract(row) for row in found])


def _contract(row: Row) -> list[Cell]:
    return [
        row["title"],
        day(row["signed_on"]),
        day(row["expires_on"]) or say("Open-ended"),
        Tag(say("Signed"), "good") if row["dpa_signed"] else Tag(say("Missing"), "bad"),
        (row["transfer_mechanism"] or "").upper() or say("None"),
        say("Yes") if row["audit_right"] else say("No"),
        day(row["last_reviewed_on"]) or say("Never"),
    ]
