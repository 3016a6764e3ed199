"""Projects: every machine-learning project of the newest export."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from dashboard.components import Column, Columns, Link, Tag, empty, page_head, paged
from dashboard.components.markup import Cell
from dashboard.components.search import search_box
from dashboard.inventory.query import Row
from dashboard.inventory.registers import PROJECTS, count_entries, list_entries
from dashboard.pages import on_warehouse
from dashboard.text import number, say, words

SCREENING = {
    "dpia_required": Tag("DPIA required", "warn"),
    "dpia_recommended": Tag("DPIA recommended", "info"),
    "no_dpia": Tag("No DPIA needed"),
}


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The list, searched and paged by SQL."""
    page_head(
        say("Projects"), say("Machine-learning projects, what they use and where they stand.")
    )
    search = search_box(say("Search projects"))
    total = count_entries(cursor, PROJECTS, search)
    if not total:
        empty(
            say("No project matches"),
            say("Projects come from the projects export. Try another word, or load an export."),
            Link(say("See what was loaded"), "data_checks"),
        )
        return
    columns: Columns = [
        say("Project"), say("Team"), say("Stage"), say("Owner"), say("Screening"),
        Column(say("Models"), is_number=True),
    ]  # fmt: skip
    paged(
        say("Projects"),
        columns,
        total,
        lambda limit, offset: [
            _line(row) for row in list_entries(cursor, PROJECTS, search, limit, offset)
        ],
    )


def screening_tag(outcome: str | None) -> Tag:
    """The outcome of the screening in words."""
    return SCREENING.get(outcome or "", Tag(say("Not screened"), "warn"))


def _line(row: Row) -> list[Cell]:
    return [
        Link(row["name"], "project", {"id": row["id"]}),
        row["team"],
        words(row["stage"]),
        row["owner"],
        screening_tag(row["screening_outcome"]),
        number(row["models"]),
    ]
