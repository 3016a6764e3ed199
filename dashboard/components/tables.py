"""Tables: real ``table`` elements that print, read aloud, and turn into cards on a phone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.components.markup import Cell, Node, cell_nodes, node, show
from dashboard.text import say

PAGE_SIZE = 25
NOTHING = "–"
"""What an empty cell shows; a summary list says it in words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; numbers are set to the right with figures of one width."""

    title: str
    is_number: bool = False


Columns = Sequence[Column | str]


def table(
    caption: str,
    columns: Columns,
    rows: Sequence[Sequence[Cell]],
    *,
    key: str = "table",
    show_caption: bool = False,
) -> None:
    """All rows at once; use ``paged`` where there may be more than a screenful."""
    show(table_node(caption, columns, rows, show_caption=show_caption), key=key)


def table_node(
    caption: str,
    columns: Columns,
    rows: Sequence[Sequence[Cell]],
    *,
    show_caption: bool = False,
) -> Node:
    """The node of a table, for pages that put one inside something else."""
    named = [column if isinstance(column, Column) else Column(column) for column in columns]
    head = [node("th", _kind(column), column.title, scope="col") for column in named]
    body = [_row(named, row) for row in rows]
    title = node("caption", "" if show_caption else "pw-hidden", caption)
    inner = node(
        "table",
        "pw-table",
        title,
        node("thead", "", node("tr", "", *head)),
        node("tbody", "", *body),
    )
    return node("div", "pw-scroll", inner, tabindex="0", role="group", aria_label=caption)


def paged(
    caption: str,
    columns: Columns,
    total: int,
    read: Callable[[int, int], Sequence[Sequence[Cell]]],
    *,
    key: str = "page",
    size: int = PAGE_SIZE,
    show_caption: bool = False,
) -> None:
    """One page of rows, read by ``read(limit, offset)``; the page number is in the address."""
    pages = max(1, math.ceil(total / size))
    wanted = wanted_page(key, pages)
    found = read(size, (wanted - 1) * size)
    table(caption, columns, found, key=f"{key}-table", show_caption=show_caption)
    if pages == 1:
        return
    first = (wanted - 1) * size + 1
    last = min(total, wanted * size)
    line = say("Rows {first} to {last} of {total}", first=first, last=last, total=f"{total:,}")
    show(node("p", "pw-hint", line), key=f"{key}-range")
    st.pagination(pages, key=key, bind="query-params")


def wanted_page(key: str, pages: int) -> int:
    """The page in the address or the widget, forced into range: an address is never trusted."""
    raw: Any = st.session_state.get(key) or st.query_params.get(key, "1")
    try:
        return min(max(int(raw), 1), pages)
    except (TypeError, ValueError):
        return 1


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> Node:
    cells = [
        node(
            "td",
            _kind(column),
            node("div", "pw-cell", *cell_nodes(cell, NOTHING)),
            data_label=column.title,
        )
        for column, cell in zip(columns, row, strict=True)
    ]
    return node("tr", "", *cells)


def _kind(column: Column) -> str:
    return "pw-number" if column.is_number else ""
