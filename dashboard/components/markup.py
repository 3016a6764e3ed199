"""Nodes: what a page shows, as plain values that the browser builds with text nodes only.

A node is ``(name, attributes, children)``; a child is a node or a string. ``render.js`` builds each
with ``createElement`` and ``textContent`` from a fixed list of names and attributes, so a value that
somebody typed can never become markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from dashboard.text import say

Tone = Literal["neutral", "info", "good", "warn", "bad"]
Node = list[Any]

FIRST_PAGE = "overview"
"""The page whose address is ``/``."""

_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "privacy_workbench.render",
    js=(_FOLDER / "render.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the app: the page's name and its query parameters."""

    text: str
    page: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def href(self) -> str:
        query = urlencode(self.params)
        address = "/" if self.page == FIRST_PAGE else f"/{self.page}"
        return address + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Tag:
    """A status in words; the tone only repeats what the words say."""

    text: str
    tone: Tone = "neutral"


Cell = str | Link | Tag | None | Sequence["str | Link | Tag"]


def node(name: str, kind: str = "", *children: Any, **attributes: Any) -> Node:
    """One element: ``kind`` is its class, ``data_x`` and ``aria_x`` become ``data-x`` and ``aria-x``."""
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    if kind:
        named["class"] = kind
    return [name, named, [child for child in children if child is not None]]


def cell_nodes(cell: Cell, absent: str = "") -> list[Any]:
    """The nodes of one cell: several texts are a list, links and statuses stand side by side."""
    if cell is None or cell == "" or cell == []:
        return [node("span", "pw-absent", absent or say("Not provided"))]
    if isinstance(cell, str):
        return [cell]
    if isinstance(cell, Link):
        return [link_node(cell)]
    if isinstance(cell, Tag):
        return [tag_node(cell)]
    if len(cell) > 1 and all(isinstance(part, str) for part in cell):
        return [node("ul", "pw-parts", *(node("li", "", part) for part in cell))]
    return [node("span", "pw-part", *cell_nodes(part)) for part in cell]


def link_node(link: Link, kind: str = "pw-link") -> Node:
    """An anchor with a real address; a plain click stays in the session."""
    return node("a", kind, link.text, href=link.href)


def tag_node(tag: Tag) -> Node:
    return node("strong", f"pw-tag pw-tag-{tag.tone}", tag.text)


def show(root: Node, *, key: str) -> None:
    """Put a node on the page; a click on one of its links switches the page."""
    result = _mount(key=key, data={"root": root}, on_go_change=_on_go)
    if result.go:
        follow(str(result.go))


def follow(address: str) -> None:
    """Switch to an address of the app; anything that is not a page of it is ignored."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return
    go(parts.path.strip("/"), **dict(parse_qsl(parts.query)))


def go(page: str, **params: str) -> None:
    """Switch to a page of the app at once."""
    from dashboard.pages import find_page

    target = find_page(page)
    if target is not None:
        st.switch_page(target, query_params=params)


def _on_go() -> None:
    """Streamlit asks for a callback before it passes a trigger on."""
