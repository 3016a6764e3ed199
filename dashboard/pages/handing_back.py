"""Two ways out of a review before its decision: back to the author, or out of work altogether."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.records.actor import Actor
from assessments.records.people import Person
from assessments.records.store import Records
from assessments.review import rounds
from assessments.review.decisions import return_to_author
from assessments.review.lifecycle import Action, State, possible_actions
from dashboard import identity, state
from dashboard.components import announce, error_box, go
from dashboard.text import say, words

_OFFICE = frozenset({"reviewer", "dpo", "admin"})
Act = Callable[[Records, Actor, str, str], State]


def offer_return(found: Assessment) -> None:
    """The approver sends it back instead of deciding it."""
    with st.expander(say("Send it back instead of deciding")):
        st.write(say("The author changes it, and it is reviewed anew. They read your reason."))
        _form(found, return_to_author, say("Why it goes back"), say("Send it back"), "return")


def offer_withdrawal(found: Assessment, person: Person) -> None:
    """Its authors or the privacy office take it out of work while it is still open."""
    is_theirs = person.id in (found.author_id, *found.contributors)
    if Action.WITHDRAW not in possible_actions(found.state):
        return
    if not is_theirs and not _OFFICE & frozenset(person.roles):
        return
    with st.expander(say("Withdraw this assessment")):
        st.write(say("It stays readable and is not worked on any more. This cannot be undone."))
        _form(found, rounds.withdraw, say("Why it is withdrawn"), say("Withdraw it"), "withdraw")


def _form(found: Assessment, act: Act, label: str, button: str, key: str) -> None:
    with st.form(key, border=False):
        reason = st.text_area(label, height=80, key=f"{key}-reason")
        sent = st.form_submit_button(button)
    if not sent:
        return
    try:
        reached = act(state.records(), identity.current_actor(), found.id, reason)
    except WorkbenchError as error:
        error_box(error, key=f"{key}-error")
        return
    announce(say("The assessment is now {state}.", state=words(reached.value)))
    go("assessment", assessment=found.id)
