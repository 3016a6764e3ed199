"""The shell: what Streamlit leaves out for people who do not see the screen.

Once a run it sets ``<html lang>``, keeps one polite status region, and moves the focus to the h1 when
the page has changed (measured: focus falls to the body otherwise). The chosen language, and in the demonstration
the chosen person, are kept in cookies, so that a reload keeps them.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state

_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "privacy_workbench.shell",
    js=(_FOLDER / "shell.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def shell(language: str, page: str, *, demonstration_person: str | None = None) -> None:
    """Mount the shell; call it once, after the page has run, in ``app.py``."""
    text, count = state.take_announcement()
    _mount(
        key="shell",
        data={
            "language": language,
            "page": page,
            "text": text,
            "count": count,
            "person": demonstration_person,
            "cookie": state.PERSON_COOKIE,
            "chosenLanguage": st.session_state.get(state.LANGUAGE),
            "languageCookie": state.LANGUAGE_COOKIE,
        },
    )


def announce(text: str) -> None:
    """Say something politely to screen readers at the end of this run."""
    state.leave_announcement(text)
