"""One of a few choices, kept in the address by its id, so that a link means the same in every language."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import parameters


def choice(label: str, words: Mapping[str, str], name: str, *, page_key: str = "page") -> str:
    """The id that was chosen (words: how each id is called); another choice starts at page 1."""
    key, names = f"choice-{name}", list(words)

    def keep() -> None:
        st.query_params[name] = st.session_state[key]
        st.session_state.pop(page_key, None)
        st.query_params.pop(page_key, None)

    return str(
        st.selectbox(
            label,
            names,
            names.index(parameters.one_of(name, names)),
            format_func=lambda each: words[each],
            key=key,
            on_change=keep,
        )
    )
