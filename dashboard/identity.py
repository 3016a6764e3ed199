"""Who is looking: deny by default.

1. When sign-in is configured (OpenID Connect), the verified address names an active person.
2. In the demonstration, and only on the loopback interface, anybody may play any of its people.
3. Otherwise nobody is let in.
Roles always come from our own tables, never from the browser.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

import streamlit as st

from assessments.errors import NotPermitted
from assessments.records import Actor
from assessments.records.people import Person, list_people, person_by_email
from dashboard import state
from dashboard.text import say

DEMONSTRATION: Final = "PRIVACY_DEMONSTRATION"
"""Set to 1 by the server for a home that ``dashboard.demonstration`` marked, on loopback only."""


def is_demonstration() -> bool:
    """Whether people may be played rather than signed in."""
    return os.environ.get(DEMONSTRATION) == "1" and not _is_sign_in_configured()


def current_person() -> Person:
    """The person who is looking, or NotPermitted."""
    if _is_sign_in_configured():
        return _signed_in()
    if is_demonstration():
        return _played(demonstration_people())
    raise NotPermitted(
        say("Nobody is signed in"),
        say(
            "Configure sign-in for this installation, or look at the demonstration on its own machine."
        ),
    )


def current_actor() -> Actor:
    """The person who is looking, as the unit of work wants it."""
    return state.actor(current_person().id)


def demonstration_people() -> Sequence[Person]:
    """People of the demonstration that hold a role."""
    with state.records().read() as connection:
        return [person for person in list_people(connection) if person.roles]


def play(person_id: str) -> None:
    """Become another person of the demonstration for the rest of the session."""
    st.session_state[state.PERSON] = person_id


def _is_sign_in_configured() -> bool:
    return "is_logged_in" in st.user.to_dict()


def _signed_in() -> Person:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        if st.button(say("Sign in"), type="primary"):
            st.login()
        raise NotPermitted(say("You are not signed in"), say("Sign in to go on."))
    address = str(claims.get("email") or "").lower()
    if not address or claims.get("email_verified") is False:
        raise NotPermitted(say("Your account has no verified e-mail address"))
    with state.records().read() as connection:
        found = person_by_email(connection, address)
    if found is None:
        raise NotPermitted(
            say("Your account is not known here"), say("Ask an administrator to add you.")
        )
    return found


def _played(people: Sequence[Person]) -> Person:
    if not people:
        raise NotPermitted(
            say("There are no people yet"), say("Start the demonstration with: privacy demo")
        )
    known = {person.id: person for person in people}
    wanted = st.session_state.get(state.PERSON) or st.context.cookies.get(state.PERSON_COOKIE)
    return known.get(str(wanted)) or next((p for p in people if "reviewer" in p.roles), people[0])
