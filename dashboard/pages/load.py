"""One load: its file, the rules that it was held to, and each row that was set aside."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.errors import WorkbenchError
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.components import (
    Column,
    Columns,
    Item,
    Link,
    Tag,
    announce,
    empty,
    error_box,
    facts,
    link_list,
    notice,
    page_head,
    paged,
    table,
)
from dashboard.components.markup import Cell
from dashboard.exports.correction import write_rejected
from dashboard.exports.load import load_paths
from dashboard.exports.mapping_preview import keep_upload
from dashboard.exports.options import Options
from dashboard.inventory.loads import (
    corrected_by,
    corrects,
    count_rejected,
    find_load,
    rejected_of,
    rules_of,
)
from dashboard.inventory.query import Row
from dashboard.pages import on_warehouse
from dashboard.parameters import required
from dashboard.text import counted, moment, number, say, words

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
    _corrections(cursor, load)
    _rejected(cursor, load)
    _fix(load)
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


def _corrections(cursor: DuckDBPyConnection, load: Row) -> None:
    """What this load corrects, and what corrects it."""
    for other in corrected_by(cursor, load["batch_id"]):
        title = counted(other["landed"], "corrected row landed", "corrected rows landed")
        link_list(
            [("", [Item(title, Link(title, "load", {"batch": other["batch_id"]}), other["path"])])]
        )
    for other in corrects(cursor, load["batch_id"]):
        title = say("It corrects rejected rows of another load")
        link_list(
            [("", [Item(title, Link(title, "load", {"batch": other["batch_id"]}), other["path"])])]
        )


def _fix(load: Row) -> None:
    """Rejected rows out with their reasons, corrected ones in."""
    if not load["quarantined"] or not _can_load():
        return
    st.header(say("Fix and reload"), anchor=False)
    st.write(say("Download the rows, correct them in the same columns, and upload them again."))
    st.download_button(
        say("Download the rejected rows"), lambda: write_rejected(state.home(), load["batch_id"]),
        f"{load['batch_id']}.csv", "text/csv", on_click="ignore",
    )  # fmt: skip
    chosen = st.file_uploader(say("Corrected rows (CSV)"), type=["csv"], key="fix.file")
    if chosen is None or not st.button(
        say("Load the corrected rows"), type="primary", key="fix.load"
    ):
        return
    try:
        path = keep_upload(state.home(), chosen.name, chosen.getvalue())
        report = load_paths(
            state.home(), [path], records=state.records(), actor=identity.current_actor(),
            options=Options(is_declared=False, corrects=load["batch_id"]),
        )  # fmt: skip
    except WorkbenchError as error:
        error_box(error, key="fix-error")
        return
    if report.held:
        error_box(report.held[0].error, key="fix-held")
        return
    title = counted(report.landed, "row landed", "rows landed")
    text = counted(
        report.quarantined,
        "row was set aside with its reasons",
        "rows were set aside with their reasons",
    )
    announce(title)
    notice(text, tone="good" if report.landed else "warn", title=title, key="fixed")


def _can_load() -> bool:
    with state.records().read() as connection:
        return has_permission(connection, identity.current_actor(), "export.load")


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
