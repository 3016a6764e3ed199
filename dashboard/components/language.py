"""The language of the interface: chosen in the menu, carried by a cookie or by ``?lang=`` in an address."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.text import language, language_name, languages, say

PARAMETER = "lang"
_CHOICE = "language.choice"


def wanted_language() -> str | None:
    """What the session chose, else the address, else the last choice in this browser, else its own."""
    chosen = (
        st.session_state.get(state.LANGUAGE),
        st.query_params.get(PARAMETER),
        st.context.cookies.get(state.LANGUAGE_COOKIE),
    )
    return next((str(found) for found in chosen if found in languages()), st.context.locale)


def language_menu() -> None:
    """Every language by its own name; the choice stays with this browser."""
    st.session_state[_CHOICE] = language()
    st.radio(
        say("Language"), languages(), format_func=language_name, key=_CHOICE, on_change=_choose
    )


def _choose() -> None:
    st.session_state[state.LANGUAGE] = st.session_state[_CHOICE]
