"""The head of a page: where it is, its one h1, and one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.components.markup import Link, link_node, node, show
from dashboard.text import say


def page_head(title: str, lead: str = "", trail: Sequence[Link] = ()) -> None:
    """Breadcrumb (when there is somewhere above), the h1, and what the page is for."""
    if trail:
        crumbs = [node("li", "", link_node(link)) for link in trail]
        bar = node("nav", "pw-trail", node("ol", "", *crumbs), aria_label=say("Breadcrumb"))
        show(bar, key="trail")
    st.title(_literal(title), anchor=False)
    if lead:
        show(node("p", "pw-lead", lead), key="lead")


def _literal(title: str) -> str:
    """A title is text: whatever Markdown could read in it is escaped."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|~$:<>&" else sign for sign in title)
