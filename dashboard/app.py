"""Entry of the pages: identity, language, navigation, shell, run; nothing else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assessments.errors import WorkbenchError
from dashboard import identity, state
from dashboard.components import error_box, shell
from dashboard.components.language import wanted_language
from dashboard.components.person import person_menu
from dashboard.pages import all_pages, guarded
from dashboard.text import ask_for_language, say_error, use_language

STATIC = Path(__file__).parent / "static"


def main() -> None:
    """One run of the script for one session."""
    st.set_page_config(page_icon=str(STATIC / "favicon.svg"), layout="wide")
    ask_for_language(wanted_language)
    language = use_language(wanted_language())
    st.html(STATIC / "app.css")
    st.logo(str(STATIC / "logo.svg"), size="large")
    page = st.navigation(all_pages(), position="top")
    person = None
    try:
        person = identity.current_person()
    except WorkbenchError as error:
        st.title(say_error(error.title)[0])
        error_box(error)
    if person is not None:
        person_menu(person)
        guarded(page)
    played = st.session_state.get(state.PERSON) if identity.is_demonstration() else None
    shell(language, page.url_path, demonstration_person=played)


main()
