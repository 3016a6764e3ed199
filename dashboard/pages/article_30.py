"""The records of GDPR Art. 30 as they stand: shown, printed, downloaded, with what is missing."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.exchange.article_30 import ARTICLES, Column, Register
from assessments.exchange.workbook import write_csv, write_workbook
from dashboard import state
from dashboard.components import Cell, Link, empty, facts, notice, page_head, table
from dashboard.inventory.article_30 import register
from dashboard.pages import on_warehouse
from dashboard.parameters import one_of
from dashboard.parties import find_parties
from dashboard.text import counted, day, say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ONCE = ("controller", "processor", "officer", "representative")
"""Columns of letter (a) that say the same in each entry of the controller's record: shown once."""


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """One record at a time; which one is in the address."""
    page_head(
        say("Record of processing"),
        say("What GDPR Art. 30 asks for, from the inventory. Each column has its letter."),
        [Link(say("Inventory"), "inventory")],
    )
    article = st.segmented_control(
        say("Record of processing"), ARTICLES, default=one_of("article", ARTICLES), required=True, key="article",
        format_func=_named, on_change=_chosen,
    )  # fmt: skip
    parties = find_parties(state.home(), state.records())
    found = register(cursor, article or "30-1", parties, state.warehouse().as_of())
    _summary(found)
    if not found.entries:
        empty(
            say("There is no entry"),
            say("Either nothing is done for other controllers, or the list of mandates has not been loaded."),
            Link(say("See what was loaded"), "data_checks"),
        )  # fmt: skip
        return
    _downloads(found)
    _entries(found)


def _chosen() -> None:
    st.query_params["article"] = st.session_state["article"]


def _named(article: str) -> str:
    return {
        "30-1": say("As controller (Art. 30(1))"),
        "30-2": say("For other controllers (Art. 30(2))"),
    }[article]


def _summary(found: Register) -> None:
    """Who keeps the record, said once, and how much is missing."""
    shared: list[tuple[str, Cell]] = [
        (say(column.heading), str(value) if value else None)
        for column in found.columns
        if (value := _shared(found, column)) is not None
    ]
    facts([(say("Entries"), str(len(found.entries))),
           (say("As of"), day(found.as_of) if found.as_of else None), *shared])  # fmt: skip
    if found.gaps:
        every = "; ".join(say(gap) for gap in found.shared_gaps)
        notice(
            say("In every entry: {gaps}.", gaps=every) if every
            else say("The second column says what an entry lacks, with the letter that asks for it."),
            tone="warn", key="gaps",
            title=counted(found.gaps, "value is missing", "values are missing"),
        )  # fmt: skip


def _shared(found: Register, column: Column) -> str | None:
    """What a column of letter (a) says in every entry; None when entries differ or it is another."""
    said = {str(entry.cells.get(column.id) or "") for entry in found.entries}
    return said.pop() if column.id in _ONCE and len(said) == 1 else None


def _downloads(found: Register) -> None:
    page, name = found.as_page(), f"article-{found.article}"
    with st.container(horizontal=True):
        st.download_button(
            say("Download as workbook"), lambda: write_workbook([page], {"title": found.title}),
            f"{name}.xlsx", XLSX, on_click="ignore",
        )  # fmt: skip
        st.download_button(
            say("Download as CSV"), lambda: write_csv(page), f"{name}.csv", "text/csv",
            on_click="ignore",
        )  # fmt: skip


def _entries(found: Register) -> None:
    """Columns with a letter, what is missing beside the name; the downloads have the others too."""
    shown = [c for c in found.columns if c.letter and _shared(found, c) is None]
    name, missing = found.columns[0], found.columns[-1]
    columns = [name, missing, *shown]
    rows: list[list[Cell]] = [
        [_cell(found, entry.id, column, entry.cells.get(column.id)) for column in columns]
        for entry in found.entries
    ]
    table(found.title, [say(column.heading) for column in columns], rows, key="entries")


def _cell(found: Register, entry_id: str, column: Column, value: object) -> Cell:
    if column.id == "activity":
        return Link(str(value), "activity", {"id": entry_id})
    if isinstance(value, list):
        return [str(item) for item in value]
    return str(value) if value else None
