"""Who is looking, at the top right; in the demonstration, whom to play."""

from __future__ import annotations

import streamlit as st

from assessments.records.people import Person
from dashboard import identity
from dashboard.components.language import language_menu
from dashboard.text import say, words

SHORT = {"dpo": "DPO"}
_CHOICE = "person.choice"


def person_menu(person: Person) -> None:
    """The name, the roles that count today, the people to switch between, and the language."""
    with st.container(key="person"), st.popover(person.name, icon=":material/account_circle:"):
        if identity.is_demonstration():
            _choose(person)
        else:
            st.text(_described(person))
            st.button(say("Sign out"), on_click=st.logout)
        language_menu()


def _choose(person: Person) -> None:
    people = {found.id: found for found in identity.demonstration_people()}
    st.session_state.setdefault(_CHOICE, person.id)
    st.radio(
        say("Play a person (demonstration only)"),
        list(people),
        format_func=lambda found: people[found].name,
        captions=[_described(found) for found in people.values()],
        key=_CHOICE,
        on_change=lambda: identity.play(st.session_state[_CHOICE]),
    )


def _described(person: Person) -> str:
    roles = ", ".join(SHORT.get(role, words(role)) for role in sorted(person.roles))
    return f"{person.title} · {roles}" if person.title else roles
