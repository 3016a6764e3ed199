"""One KPI: what it says, since when, what it means, which rows stand behind it, where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

import streamlit as st
from duckdb import DuckDBPyConnection

from dashboard import kpis, state
from dashboard.components import (
    Column,
    Columns,
    Link,
    Tag,
    code,
    empty,
    facts,
    notice,
    page_head,
    paged,
    table,
    tags,
    trend,
)
from dashboard.components.board import figure
from dashboard.components.markup import Cell
from dashboard.inventory.registers import people_names
from dashboard.kpi_words import (
    as_of_words,
    card_of,
    change_words,
    state_tag,
    target_words,
    trend_of,
)
from dashboard.kpis import Kpi, KpiValue
from dashboard.kpis.population import Only
from dashboard.pages import on_warehouse
from dashboard.parameters import optional, required
from dashboard.text import counted, period, plain, say, words

ONLY: dict[Only, str] = {"failing": "Rows that fail", "met": "Rows that pass", "all": "All rows"}
PAGE_OF = {
    "dataset_id": "dataset", "project_id": "project", "system_id": "system",
    "activity_id": "activity", "vendor_id": "vendor",
}  # fmt: skip


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The KPI in the address."""
    kpi = kpis.get(required("name"))
    value = _with_trend(cursor, _measured(kpi, cursor))
    page_head(say(kpi.title), say(kpi.question), [Link(say("KPIs"), "kpis")])
    figure(card_of(value))
    tags([state_tag(value), Tag(as_of_words(value), "info")], key="state")
    for number, caveat in enumerate(value.caveats[len(kpi.caveats) :], 1):
        notice(caveat, tone="warn", title=say("About the data"), key=f"caveat-{number}")
    st.header(say("Trend"), anchor=False)
    trend(trend_of(value))
    _rows(cursor, value)
    _definition(value)
    _sources(value)


def _measured(kpi: Kpi, cursor: DuckDBPyConnection) -> KpiValue:
    """What the board shows, so that both always say the same."""
    found = next((value for value in state.kpi_values() if value.name == kpi.name), None)
    return found or kpis.value(kpi, cursor)


def _with_trend(cursor: DuckDBPyConnection, value: KpiValue) -> KpiValue:
    """The stored trend, else one computed now from the same text."""
    if value.trend:
        return value
    return replace(value, trend=kpis.trend(value.kpi, cursor, value.as_of))


def _rows(cursor: DuckDBPyConnection, value: KpiValue) -> None:
    kpi = value.kpi
    st.header(say("Rows behind the number"), anchor=False)
    only = _only(kpi)
    found = kpis.rows(kpi, cursor, value.as_of, size=1, only=only)
    if not found.total:
        text = {
            "failing": say("No row fails on this day."),
            "met": say("No row passes on this day."),
            "all": say("Nothing is in the population on this day."),
        }[only]
        empty(say("No rows"), text, key="no-rows")
        return
    shown = [
        (place, name)
        for place, name in enumerate(found.columns)
        if name != "is_met" or only == "all"
    ]
    names = people_names(cursor)
    kinds = found.rows[0]
    columns: Columns = [
        Column(_heading(kpi, name), _is_number(kinds[place])) for place, name in shown
    ]

    def read(limit: int, offset: int) -> list[list[Cell]]:
        page = kpis.rows(kpi, cursor, value.as_of, page=offset // limit + 1, size=limit, only=only)
        return [[_cell(name, row[place], names) for place, name in shown] for row in page.rows]

    caption = counted(found.total, "row", "rows")
    paged(f"{say(ONLY[only])}: {caption}", columns, found.total, read, show_caption=True)


def _only(kpi: Kpi) -> Only:
    """Which rows: the failing ones first; the choice is in the address."""
    wanted = optional("only")
    first: Only = "failing"
    if wanted not in get_args(Only):
        st.query_params.pop("only", None)
    chosen = st.segmented_control(
        say("Show"), list(ONLY), default=first, required=True, key="only",
        format_func=lambda name: say(ONLY[cast(Only, name)]), bind="query-params",
        on_change=_restart,
    )  # fmt: skip
    return cast(Only, chosen or first)


def _restart() -> None:
    st.session_state.pop("page", None)
    st.query_params.pop("page", None)


def _definition(value: KpiValue) -> None:
    kpi = value.kpi
    st.header(say("What it means"), anchor=False)
    facts(
        [
            (say("Target"), target_words(value)),
            (say("Change"), change_words(value)),
            (say("Population"), kpi.population),
            (say("Left out"), kpi.exclusions),
            (say("To bear in mind"), list(kpi.caveats) or say("Nothing")),
            (say("Law"), kpi.law),
            (say("Owner"), say(kpi.owner)),
            (say("What would change it"), kpi.what_would_change_it),
            (say("Measured since"), plain(kpi.since)),
        ],
        key="definition",
    )
    code(say("Show the SQL"), kpi.text, say("SHA-256 of the file: {digest}", digest=kpi.sha256))


def _sources(value: KpiValue) -> None:
    st.header(say("Sources"), anchor=False)
    if not value.sources:
        empty(
            say("No source loaded"), say("This number has no data behind it yet."), key="no-source"
        )
        return
    columns: Columns = [
        say("File"),
        say("Export"),
        Column(say("Rows set aside"), is_number=True),
        say("SHA-256"),
    ]
    lines: list[list[Cell]] = [
        [
            source.path,
            words(source.kind),
            plain(source.quarantined),
            source.sha256 or say("Copied from the records"),
        ]
        for source in value.sources
    ]
    table(say("Sources"), columns, lines, key="sources")


def _cell(name: str, value: Any, names: Mapping[str, str]) -> Cell:
    """A value as a reader wants it: names for people, links for things, words for periods."""
    if name == "is_met":
        return Tag(say("Passes"), "good") if value else Tag(say("Fails"), "bad")
    if isinstance(value, str) and value:
        if name in PAGE_OF:
            return Link(value, PAGE_OF[name], {"id": value})
        if name == "retention_period":
            return period(value)
        return names.get(value, value)
    return plain(value)


def _heading(kpi: Kpi, name: str) -> str:
    return say("Result") if name == "is_met" else kpi.columns.get(name, words(name))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
