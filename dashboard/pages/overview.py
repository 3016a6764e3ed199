"""Overview: at most six numbers, whether the data behind them can be trusted, and what to look at."""

from __future__ import annotations

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard import state
from dashboard.components import Item, Link, Tag, board, empty, link_list, page_head, tags
from dashboard.inventory.loads import summarise
from dashboard.kpi_words import amount_words, card_of, state_tag, target_words
from dashboard.kpis import KpiValue
from dashboard.pages import on_warehouse
from dashboard.text import counted, day, moment, say

DOUBTFUL = ("source_failed", "missed", "stale", "warn")
MOST = 6


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The board and, below it, every other number that does not meet its target."""
    page_head(say("Overview"), say("Where privacy stands across our machine-learning projects."))
    values = state.kpi_values()
    shown = sorted((v for v in values if v.kpi.board), key=lambda value: value.kpi.board or 0)
    if not shown:
        empty(
            say("No numbers yet"),
            say("Numbers appear when exports have been loaded."),
            Link(say("See what was loaded"), "data_checks"),
        )
        return
    _trust(cursor, shown[0])
    board([card_of(value) for value in shown])
    _attention([v for v in values if not v.kpi.board and v.state in DOUBTFUL])


def _trust(cursor: DuckDBPyConnection, value: KpiValue) -> None:
    loads = summarise(cursor)
    if loads.quarantined:
        text = say("Data checks: {rows} set aside", rows=counted(loads.quarantined, "row", "rows"))
        check = Tag(text, "warn")
    else:
        check = Tag(say("Data checks passed"), "good")
    facts = [Tag(say("As of {day}", day=day(value.as_of)), "info"), check]
    if loads.newest:
        facts.append(Tag(say("Loaded {moment}", moment=moment(loads.newest))))
    tags(facts, key="trust")


def _attention(values: list[KpiValue]) -> None:
    if values:
        st.header(say("Also below target"), anchor=False)
        first = sorted(values, key=lambda value: DOUBTFUL.index(value.state))[:MOST]
        link_list([("", [_item(value) for value in first])], key="attention")
    more = (
        say("{count} more are below target.", count=len(values) - MOST)
        if len(values) > MOST
        else ""
    )
    every = say("Every number, its definition and its SQL.")
    link_list(
        [
            (
                say("More"),
                [
                    Item("", Link(say("All KPIs"), "kpis"), f"{more} {every}".strip()),
                    Item("", Link(say("Data checks"), "data_checks"), say("What was loaded, and which rows were set aside and why.")),
                    Item("", Link(say("Ledger"), "ledger"), say("Every change, in a tree that shows tampering.")),
                ],
            )
        ],
        key="more",
    )  # fmt: skip


def _item(value: KpiValue) -> Item:
    shown = amount_words(value.value, value.kpi.unit)
    hint = say("{value}; target {target}", value=shown, target=target_words(value))
    title = say(value.kpi.title)
    link = Link(title, "kpi", {"name": value.name})
    return Item(title, link, hint, state_tag(value))
