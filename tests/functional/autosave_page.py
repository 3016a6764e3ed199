"""A page with one text area that saves itself and one button, for test_autosave."""

import os
from pathlib import Path

import streamlit as st

from dashboard.components import autosave_area, shell, status_line

store = Path(os.environ["AUTOSAVE_STORE"])
saved = store.read_text(encoding="utf-8") if store.exists() else ""


def keep(text: str) -> None:
    """Write the text and count the writes."""
    store.write_text(text, encoding="utf-8")
    st.session_state["writes"] = st.session_state.get("writes", 0) + 1


st.title("Why is it needed?", anchor=False)
autosave_area("Why is it needed?", saved, key="answer", on_save=keep, draft="p-001:a:q")
if st.button("Save and continue", type="primary"):
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1
writes = st.session_state.get("writes", 0)
clicks = st.session_state.get("clicks", 0)
status_line(f"Saved {writes} times, continued {clicks} times" if writes or clicks else "")
shell("en", "autosave")
