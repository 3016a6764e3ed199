"""Absence: who stands in for whom until when, and handing over one's own work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from assessments.errors import BadInput, WorkbenchError
from assessments.review.delegation import (
    DELEGABLE,
    Delegation,
    end_delegation,
    hand_over,
    list_delegations,
)
from dashboard import identity, state
from dashboard.components import announce, empty, error_box, go, notice, page_head, table
from dashboard.reading import names_of
from dashboard.text import counted, day, say, words


def render() -> None:
    """Delegations that count now or will, then the form to be away."""
    person = identity.current_person()
    page_head(
        say("Absence"),
        say("Somebody holds a role for somebody else, for a time. What they do counts for both."),
    )
    with state.records().read() as connection:
        found = list_delegations(connection, datetime.now(UTC))
    if found:
        _table(found)
        _end(found, person.id)
    else:
        empty(say("Nobody stands in for anybody"), say("Everybody acts for themselves now."))
    if person.roles & set(DELEGABLE):
        _form(person.id)


def _table(found: list[Delegation]) -> None:
    people = names_of("person")
    table(
        say("Who stands in for whom"),
        [say("Absent"), say("Stands in"), say("Role"), say("Until"), say("Reason")],
        [
            [people.get(d.absent, d.absent), people.get(d.delegate, d.delegate), words(d.role),
             day((d.valid_to - timedelta(microseconds=1)).date()), d.reason]
            for d in found
        ],
        key="delegations",
    )  # fmt: skip


def _end(found: list[Delegation], person_id: str) -> None:
    people = names_of("person")
    own = {d.grant_id: d for d in found if d.absent == person_id}
    if not own:
        return
    labels = {name: f"{words(d.role)}, {people.get(d.delegate, d.delegate)}" for name, d in own.items()}  # fmt: skip
    with st.form("back", border=False):
        chosen = st.selectbox(say("Delegation to end"), list(own), format_func=lambda n: labels[n])
        sent = st.form_submit_button(say("End it"))
    if sent and chosen:
        _act(lambda: end_delegation(state.records(), identity.current_actor(), chosen))


def _form(person_id: str) -> None:
    st.header(say("Be away"), anchor=False)
    notice(
        say("All your roles, open reviews and drafts go to one person. They cannot pass them on."),
        key="what",
    )
    people = {name: title for name, title in names_of("person").items() if name != person_id}
    with st.form("away", border=False):
        delegate = st.selectbox(
            say("Who stands in"), list(people), None, format_func=lambda n: people[n]
        )
        until = st.date_input(
            say("Last day"), date.today() + timedelta(days=14), format="YYYY-MM-DD"
        )
        reason = st.text_input(say("Reason"))
        sent = st.form_submit_button(say("Hand over"), type="primary")
    if sent:
        _act(lambda: _hand_over(delegate, until, reason))


def _hand_over(delegate: str | None, until: object, reason: str) -> None:
    if delegate is None or not isinstance(until, date):
        raise BadInput(say("Choose one first"), field="delegate")
    end = datetime.combine(until + timedelta(days=1), time.min, UTC)
    done = hand_over(state.records(), identity.current_actor(), delegate, end, reason)
    announce(counted(len(done.assessments), "assessment handed over", "assessments handed over"))


def _act(act: Callable[[], None]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="absence-error")
        return
    go("absence")
