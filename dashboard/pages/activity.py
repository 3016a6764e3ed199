"""One processing activity: its line in the record of processing (GDPR Art. 30)."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Link, empty, facts, page_head, table
from dashboard.inventory.query import NOW, rows
from dashboard.inventory.registers import ACTIVITIES, find_entry, person_name
from dashboard.pages import on_warehouse
from dashboard.pages.inventory import class_tag
from dashboard.parameters import required
from dashboard.text import day, period, say, words


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything the exports say about the activity in the address."""
    activity = find_entry(cursor, ACTIVITIES, required("id"))
    page_head(
        activity["name"], activity["description"],
        [Link(say("Inventory"), "inventory"), Link(say("Activities"), "inventory", {"kind": "activities"})],
    )  # fmt: skip
    sql = f"select purpose_id, name, description from purposes where list_contains($ids, purpose_id) and {NOW}"
    purposes = rows(cursor, sql, ids=activity["purposes"] or [])
    facts(
        [
            (say("Owner"), person_name(cursor, activity["owner_id"])),
            (say("Purposes"), [f"{row['name']}" for row in purposes] or None),
            (say("Lawful basis"), words(activity["lawful_basis"])),
            (say("Condition for special categories"), words(activity["special_category_condition"] or "") or say("None")),
            (say("Data subjects"), _joined(activity["data_subjects"])),
            (say("Data categories"), _joined(activity["data_categories"])),
            (say("Recipients"), _joined(activity["recipients"]) or say("None")),
            (say("Transfers"), _transfers(activity["transfer_countries"], activity["transfer_mechanism"])),
            (say("Kept for"), period(activity["retention_period"])),
            (say("Registered"), day(activity["registered_on"])),
            (say("Reviewed"), day(activity["last_reviewed_on"]) or say("Never")),
        ]
    )  # fmt: skip
    _used_by(cursor, activity["activity_id"])


def _used_by(cursor: DuckDBPyConnection, activity_id: str) -> None:
    st.header(say("Datasets"), anchor=False)
    sql = f"select dataset_id, name, classification, retention_period from datasets where activity_id = $id and {NOW} order by lower(name)"
    found = rows(cursor, sql, id=activity_id)
    if not found:
        empty(say("No datasets"), say("No dataset of the export names this activity."))
        return
    table(
        say("Datasets of this activity"),
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


def _joined(values: list[str] | None) -> str | None:
    return ", ".join(map(words, values)) if values else None


def _transfers(countries: list[str] | None, mechanism: str | None) -> str:
    if not countries:
        return say("None")
    return f"{', '.join(countries)} ({(mechanism or say('no mechanism')).upper()})"
