"""The search box of a list: its words are in the address, and a new search starts at page 1."""

from __future__ import annotations

import streamlit as st

LONGEST = 100


def search_box(label: str, *, page_key: str = "page") -> str:
    """What people look for."""

    def restart() -> None:
        st.session_state.pop(page_key, None)
        st.query_params.pop(page_key, None)

    found = st.text_input(
        label,
        key="search",
        type="search",
        bind="query-params",
        max_chars=LONGEST,
        on_change=restart,
        width=420,
    )
    return (found or "").strip()
