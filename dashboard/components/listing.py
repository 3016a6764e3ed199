"""Lists: a summary list of facts, a list of tasks, a row of statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components.markup import (
    Cell,
    Link,
    Tag,
    cell_nodes,
    link_node,
    node,
    show,
    tag_node,
)

Fact = tuple[str, Cell] | tuple[str, Cell, Link | None]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a task list; without a link the reason belongs in the hint."""

    title: str
    link: Link | None = None
    hint: str = ""
    tag: Tag | None = None


def facts(rows: Sequence[Fact], *, key: str = "facts") -> None:
    """A summary list: what, its value, and at most one thing to do about it."""
    show(node("dl", "pw-facts", *(_fact(*row) for row in rows)), key=key)


def link_list(groups: Sequence[tuple[str, Sequence[Item]]], *, key: str = "links") -> None:
    """Items under headings; an empty heading leaves the heading out."""
    parts = []
    for heading, items in groups:
        title = node("h2", "pw-group", heading) if heading else None
        parts.append(node("section", "", title, node("ul", "pw-list", *map(_item, items))))
    show(node("div", "pw-groups", *parts), key=key)


def tags(found: Sequence[Tag], *, key: str = "tags") -> None:
    """Statuses in a row."""
    show(node("p", "pw-tags", *map(tag_node, found)), key=key)


def _fact(name: str, value: Cell, action: Link | None = None) -> list[object]:
    return node(
        "div",
        "pw-fact",
        node("dt", "", name),
        node("dd", "", *cell_nodes(value)),
        node("dd", "pw-action", link_node(action)) if action else None,
    )


def _item(item: Item) -> list[object]:
    title = link_node(item.link) if item.link else node("span", "pw-unlinked", item.title)
    return node(
        "li",
        "",
        node("div", "", title, node("p", "pw-hint", item.hint) if item.hint else None),
        tag_node(item.tag) if item.tag else None,
    )
