"""One section of a form: each item with its number, what fills it, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable

from assessments.views import Block, FilledItem, FilledSection, Gap
from dashboard.components.markup import Link, Node, link_node, node, show
from dashboard.components.tables import table_node
from dashboard.text import say


def form_section(
    section: FilledSection, where: Callable[[Gap], Link | None], *, key: str = "section"
) -> None:
    """All items at once; ``where`` says on which page a gap can be closed."""
    items = (part for item in section.items for part in _item(item, where))
    heading = node("h2", "", _numbered(section.ref, section.title))
    show(node("section", "pw-form", heading, *items), key=key)


def _item(item: FilledItem, where: Callable[[Gap], Link | None]) -> list[Node]:
    parts = [
        node("h3", "", _numbered(item.ref, item.title)),
        node("p", "pw-hint", item.source),
        *(part for block in item.blocks for part in _block(block)),
    ]
    if item.gaps:
        parts.append(node("ul", "pw-parts", *(_gap(gap, where(gap)) for gap in item.gaps)))
    if item.does_not_apply:
        parts.append(node("p", "pw-absent", say("Does not apply with these answers.")))
    return parts


def _block(block: Block) -> list[Node]:
    if block.columns:
        rows = [[cell or None for cell in row] for row in block.rows]
        table = table_node(block.title, block.columns, rows)
        return [node("p", "pw-strong", block.title), table]
    lines = [line for line in block.text.split("\n") if line.strip()]
    return [node("p", "pw-strong", block.title), *(node("p", "", line) for line in lines)]


def _gap(gap: Gap, link: Link | None) -> Node:
    tag = node("strong", "pw-tag pw-tag-warn", say("Lacking"))
    return node("li", "", tag, " ", link_node(link) if link else gap.text)


def _numbered(ref: str, title: str) -> str:
    return f"{ref} {title}"
