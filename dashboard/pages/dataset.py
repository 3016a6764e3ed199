"""One dataset: what it holds, whether it is kept too long, who reads it and for what."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Column, Columns, Link, Tag, empty, facts, notice, page_head, table
from dashboard.components.markup import Cell, Tone
from dashboard.inventory import datasets as inventory
from dashboard.inventory.query import Row
from dashboard.inventory.registers import (
    ACTIVITIES,
    DATASETS,
    PROJECTS,
    SYSTEMS,
    VENDORS,
    find_entry,
    name_of,
    person_name,
)
from dashboard.pages import on_warehouse
from dashboard.pages.dataset_findings import controls, findings
from dashboard.pages.inventory import class_tag
from dashboard.pages.lineage import lineage_table
from dashboard.parameters import required
from dashboard.text import counted, day, moment, number, period, say, words

RUNS: dict[str, Tone] = {"done": "good", "failed": "bad"}


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """Everything the exports say about the dataset in the address."""
    dataset = find_entry(cursor, DATASETS, required("id"))
    dataset_id = dataset["dataset_id"]
    page_head(dataset["name"], dataset["description"], [Link(say("Inventory"), "inventory")])
    _facts(cursor, dataset)
    if dataset["retired_on"] is None:
        controls(inventory.controls_of(cursor, dataset_id))
        findings(cursor, dataset)
    _retention(cursor, dataset)
    _fields(inventory.fields_of(cursor, dataset_id))
    _access(inventory.access_of(cursor, dataset_id), dataset["purposes"] or [])
    _grants(inventory.grants_of(cursor, dataset_id))
    st.header(say("Lineage"), anchor=False)
    lineage_table(cursor, inventory.lineage_of(cursor, "dataset", dataset_id))


def _facts(cursor: DuckDBPyConnection, dataset: Row) -> None:
    system, activity = dataset["system_id"], dataset["activity_id"]
    vendor = dataset["source_vendor_id"]
    projects = [
        Link(name_of(cursor, PROJECTS, found), "project", {"id": found})
        for found in dataset["project_ids"] or []
    ]
    origin: Cell = words(dataset["origin"])
    if vendor:
        origin = [words(dataset["origin"]), Link(name_of(cursor, VENDORS, vendor), "vendor", {"id": vendor})]  # fmt: skip
    facts(
        [
            (say("Classification"), class_tag(dataset["classification"])),
            (say("Owner"), person_name(cursor, dataset["owner_id"])),
            (say("System"), Link(name_of(cursor, SYSTEMS, system), "system", {"id": system})),
            (
                say("Processing activity"),
                Link(name_of(cursor, ACTIVITIES, activity), "activity", {"id": activity}),
            ),
            (say("Projects"), projects or None),
            (say("Origin"), origin),
            (say("Masking"), words(dataset["masking"])),
            (say("Data subjects"), ", ".join(map(words, dataset["data_subjects"] or [])) or None),
            (say("Created"), day(dataset["created_on"])),
            (say("Retired"), day(dataset["retired_on"]) or say("In use")),
            (say("Access"), Link(say("Ask for access"), "assessments", _request(dataset))),
        ]
    )


def _request(dataset: Row) -> dict[str, str]:
    """The address where a request for this dataset begins, with its only project if it has one."""
    projects = dataset["project_ids"] or []
    named = {"project": projects[0]} if len(projects) == 1 else {}
    return {"template": "access_request", "dataset": dataset["dataset_id"], **named}


def _retention(cursor: DuckDBPyConnection, dataset: Row) -> None:
    st.header(say("Retention"), anchor=False)
    seen = inventory.newest_observation(cursor, dataset["dataset_id"])
    rows: list[tuple[str, Cell]] = [(say("Kept for"), period(dataset["retention_period"]))]
    if seen:
        rows += [
            (say("Oldest record"), day(seen["oldest_record_on"]) or say("No records")),
            (say("May be kept until"), _until(seen)),
            (say("Observed"), day(seen["observed_on"])),
            (say("Rows"), number(seen["row_count"])),
            (say("Size"), f"{number((seen['size_bytes'] or 0) / 1e9, 2)} GB"),
        ]
    facts(rows, key="retention")
    for hold in inventory.holds_of(cursor, dataset["dataset_id"]):
        end = day(hold["ends_on"]) or say("further notice")
        text = say("From {start} until {end}: {matter}", start=day(hold["starts_on"]), end=end, matter=hold["matter"])  # fmt: skip
        notice(text, tone="warn", title=say("Legal hold"), key=f"hold-{hold['hold_id']}")
    _runs(inventory.deletion_runs_of(cursor, dataset["dataset_id"]))


def _until(seen: Row) -> Cell:
    if seen["keep_until"] is None:
        return None
    verdict = Tag(say("Past its period"), "bad") if seen["is_past"] else Tag(say("Within its period"), "good")  # fmt: skip
    return [day(seen["keep_until"]), verdict]


def _runs(found: list[Row]) -> None:
    st.subheader(say("Deletion runs"), anchor=False)
    if not found:
        empty(say("No deletion planned"), say("No run of the export names this dataset."), key="no-runs")  # fmt: skip
        return
    columns: Columns = [
        say("Due"), say("Executed"), say("Status"), Column(say("Rows deleted"), is_number=True),
        say("Proof (SHA-256)"),
    ]  # fmt: skip
    lines = [
        [
            day(run["due_on"]),
            day(run["executed_on"]) or None,
            Tag(words(run["status"]), RUNS.get(run["status"], "info")),
            number(run["rows_deleted"]) if run["rows_deleted"] is not None else None,
            short_hash(run["proof_sha256"]),
        ]
        for run in found
    ]
    table(say("Newest deletion runs"), columns, lines, key="runs")


def _fields(found: list[Row]) -> None:
    st.header(say("Fields"), anchor=False)
    if not found:
        empty(say("No fields listed"), say("The fields export does not name this dataset."), key="no-fields")  # fmt: skip
        return
    columns: Columns = [
        say("Field"),
        say("Type"),
        say("Declared as"),
        say("A scan found"),
        say("Last read"),
    ]
    table(counted(len(found), "field", "fields"), columns, [_field(row) for row in found], key="fields")  # fmt: skip


def _field(row: Row) -> list[Cell]:
    detected: Cell = words(row["detected_category"] or "") or say("Nothing personal")
    if row["detected_category"] and row["detected_category"] != row["declared_category"]:
        share = row["detected_share"]
        more = f" ({number(100 * share)} %)" if share is not None else ""
        detected = Tag(f"{words(row['detected_category'])}{more}", "bad")
    return [
        row["field"],
        row["type"],
        words(row["declared_category"]),
        detected,
        day(row["last_read_on"]) or say("Never"),
    ]


def _access(found: list[Row], purposes: list[str]) -> None:
    st.header(say("Access by purpose"), anchor=False)
    if not found:
        empty(
            say("No access recorded"), say("No access event names this dataset."), key="no-access"
        )
        return
    columns: Columns = [
        say("Purpose"), say("Declared"), Column(say("Events"), is_number=True),
        Column(say("People and jobs"), is_number=True), Column(say("Rows read"), is_number=True),
        Column(say("Denied"), is_number=True), say("Last"),
    ]  # fmt: skip
    lines = [
        [
            row["purpose"] or row["purpose_id"],
            Tag(say("Yes"), "good") if row["purpose_id"] in purposes else Tag(say("No"), "warn"),
            number(row["events"]),
            number(row["actors"]),
            number(row["rows_read"] or 0),
            number(row["denied"]),
            moment(row["last_at"]),
        ]
        for row in found
    ]
    table(say("Access by purpose"), columns, lines, key="access")


def _grants(found: list[Row]) -> None:
    st.header(say("Grants"), anchor=False)
    if not found:
        empty(say("No grants"), say("Nobody was granted access to this dataset."), key="no-grants")
        return
    columns: Columns = [
        say("Person"),
        say("Purpose"),
        say("From"),
        say("Until"),
        say("Revoked"),
        say("Reason"),
    ]
    lines = [
        [
            row["person"], row["purpose"], day(row["valid_from"]), day(row["ends_on"]),
            day(row["revoked_on"]) or say("No"), row["reason"],
        ]
        for row in found
    ]  # fmt: skip
    table(say("Grants, those that last longest first"), columns, lines, key="grants")


def short_hash(digest: str | None) -> str | None:
    """The first twelve signs: enough to compare by eye."""
    return f"{digest[:12]}…" if digest else None
