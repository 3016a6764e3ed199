"""Who is looking, at the top right; in the demonstration, whom to play."""

from __future__ import annotations

import streamlit as st

from assessments.records.people import Person
from assessments.talk import count_unread
from dashboard import identity, state
from dashboard.components.language import language_menu
from dashboard.components.markup import Link, link_node, node, show
from dashboard.text import counted, say, words

SHORT = {"dpo": "DPO"}
_CHOICE = "person.choice"


def person_menu(person: Person) -> None:
    """The name, the roles that count today, the people to switch between, and the language."""
    with state.records().read() as connection:
        unread = count_unread(connection, person.id)
    label = f"{person.name} ({unread})" if unread else person.name
    with st.container(key="person"), st.popover(label, icon=":material/account_circle:"):
        waiting = counted(unread, "unread notice", "unread notices") if unread else say("Notices")
        links = [Link(waiting, "notices"), Link(say("Search"), "search")]
        show(node("p", "pw-tags", *map(link_node, links)), key="own-links")
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
