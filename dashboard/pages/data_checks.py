"""Data checks: every file that was loaded, and whether its rows could be trusted."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from dashboard.components import (
    Column,
    Columns,
    Item,
    Link,
    Tag,
    empty,
    link_list,
    notice,
    page_head,
    paged,
)
from dashboard.components.markup import Cell
from dashboard.inventory.loads import list_loads, summarise
from dashboard.inventory.query import Row
from dashboard.pages import on_warehouse
from dashboard.text import counted, moment, number, say, words


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """All loads in one sentence, then one line a file."""
    page_head(say("Data checks"), say("What came in, and which rows were set aside and why."))
    title, hint = say("Load a table of your own"), say("CSV, JSON, Parquet or XLSX")
    link_list([("", [Item(title, Link(title, "mapping"), hint)])])
    summary = summarise(cursor)
    if not summary.files:
        empty(say("Nothing loaded yet"), say("Load exports with: privacy load PATH"))
        return
    sentence = say(
        "{files} with {rows}: {landed} landed, {aside} set aside. Nothing was dropped.",
        files=counted(summary.files, "file", "files"),
        rows=counted(summary.rows, "row", "rows"),
        landed=number(summary.landed),
        aside=number(summary.quarantined),
    )
    notice(sentence, tone="warn" if summary.quarantined else "good")
    columns: Columns = [
        say("File"), say("Export"), Column(say("Rows"), is_number=True),
        Column(say("Landed"), is_number=True), Column(say("Set aside"), is_number=True),
        say("Check"), say("Loaded"),
    ]  # fmt: skip
    paged(
        say("Loads"), columns, summary.files,
        lambda limit, offset: [_line(row) for row in list_loads(cursor, limit, offset)],
        size=50,
    )  # fmt: skip


def check_tag(row: Row) -> Tag:
    """Whether rows were set aside, else whether a rule only warned."""
    if row["quarantined"]:
        return Tag(say("Rows set aside"), "warn")
    if row["warnings"]:
        return Tag(say("With warnings"), "info")
    return Tag(say("Passed"), "good")


def _line(row: Row) -> list[Cell]:
    return [
        Link(row["path"], "load", {"batch": row["batch_id"]}),
        words(row["kind"]),
        number(row["rows"]),
        number(row["landed"]),
        number(row["quarantined"]),
        check_tag(row),
        moment(row["loaded_at"]),
    ]
