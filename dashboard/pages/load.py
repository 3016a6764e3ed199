"""One load: its file, the rules that it was held to, and each row that was set aside."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard.components import Column, Columns, Link, Tag, empty, facts, page_head, paged, table
from dashboard.components.markup import Cell
from dashboard.inventory.loads import count_rejected, find_load, rejected_of, rules_of
from dashboard.inventory.query import Row
from dashboard.pages import on_warehouse
from dashboard.parameters import required
from dashboard.text import moment, number, say, words

SHOWN = 300


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The load in the address."""
    load = find_load(cursor, required("batch"))
    page_head(
        load["path"],
        say("Every row of the file landed or was set aside with its reasons."),
        [Link(say("Data checks"), "data_checks")],
    )
    facts(
        [
            (say("Export"), words(load["kind"])),
            (say("Loaded"), moment(load["loaded_at"])),
            (say("Rows"), number(load["rows"])),
            (say("Landed"), number(load["landed"])),
            (say("Set aside"), number(load["quarantined"])),
            (say("SHA-256"), load["sha256"]),
        ]
    )
    _rejected(cursor, load)
    _rules(rules_of(cursor, load["batch_id"]))


def _rejected(cursor: DuckDBPyConnection, load: Row) -> None:
    st.header(say("Rows set aside"), anchor=False)
    total = count_rejected(cursor, load["batch_id"])
    if not total:
        empty(say("No row was set aside"), say("Every row of this file landed."), key="no-rows")
        return
    columns: Columns = [
        Column(say("Line"), is_number=True), say("Column"), say("Reasons"), say("As it came"),
    ]  # fmt: skip
    paged(
        say("Rows set aside"), columns, total,
        lambda limit, offset: [
            _row(row) for row in rejected_of(cursor, load["batch_id"], limit, offset)
        ],
    )  # fmt: skip


def _row(row: Row) -> list[Cell]:
    raw = row["raw"] or ""
    return [
        number(row["line_no"]),
        ", ".join(row["columns"]),
        list(row["reasons"]),
        raw if len(raw) <= SHOWN else f"{raw[:SHOWN]}…",
    ]


def _rules(found: list[Row]) -> None:
    st.header(say("Rules"), anchor=False)
    if not found:
        empty(say("No rule"), say("The contract of this export has none."), key="no-rules")
        return
    columns: Columns = [
        say("Rule"), say("Column"), say("Result"), Column(say("Failed"), is_number=True),
        Column(say("Checked"), is_number=True),
    ]  # fmt: skip
    lines: list[list[Cell]] = [
        [
            row["sentence"],
            row["column_name"],
            _result(row),
            number(row["failed"]),
            number(row["checked"]),
        ]
        for row in found
    ]
    table(say("Rules that the file was held to"), columns, lines, key="rules")


def _result(row: Row) -> Tag:
    if not row["failed"]:
        return Tag(say("Passed"), "good")
    return (
        Tag(say("Warning"), "info")
        if row["severity"] == "warning"
        else Tag(say("Set aside"), "warn")
    )
