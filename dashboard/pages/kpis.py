"""The catalogue: every KPI with the question it answers."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from dashboard import state
from dashboard.components import Column, Columns, Link, page_head, table
from dashboard.components.markup import Cell
from dashboard.kpi_words import amount_words, change_words, state_tag, target_words
from dashboard.kpis import KpiValue
from dashboard.pages import on_warehouse
from dashboard.text import day, say


@on_warehouse
def render(_: DuckDBPyConnection) -> None:
    """One line a KPI; each number opens its definition, its SQL and its rows."""
    found = state.kpi_values()
    lead = say("Each number is one SQL text that anybody may read and run again.")
    if found:
        lead = f"{lead} {say('As of {day}.', day=day(found[0].as_of))}"
    page_head(say("KPIs"), lead)
    columns: Columns = [
        say("KPI"), Column(say("Value"), is_number=True), say("Target"), say("State"),
        say("Since last week"), say("Owner"),
    ]  # fmt: skip
    table(say("All KPIs"), columns, [_line(value) for value in found])


def _line(value: KpiValue) -> list[Cell]:
    return [
        [Link(say(value.kpi.title), "kpi", {"name": value.name})],
        amount_words(value.value, value.kpi.unit),
        target_words(value),
        state_tag(value),
        change_words(value),
        say(value.kpi.owner),
    ]
