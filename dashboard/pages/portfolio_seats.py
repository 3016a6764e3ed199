"""Naming reviewers for several assessments at once: each is named, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.portfolio import Line
from assessments.records.people import list_people
from assessments.records.permissions import has_permission
from assessments.review.seats import REVIEWED, assign_reviewers
from dashboard import identity, state
from dashboard.components import announce, notice, table
from dashboard.text import counted, say, say_error

Name = Callable[[str, str], str]
MOST = 100


def seats_form(lines: Sequence[Line], name: Name) -> None:
    """The form, for those who name reviewers; at most so many of the lines that match."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        scopes = {line.project_id for line in lines}
        allowed = {s for s in scopes if has_permission(connection, actor, "review.assign", s)}
        reviewers = {p.id: p.name for p in list_people(connection) if "reviewer" in p.roles}
    open_ones = {
        line.assessment_id: f"{line.title} ({name('project', line.project_id)}, {line.assessment_id})"
        for line in lines
        if line.state in REVIEWED and line.project_id in allowed
    }
    if not open_ones or not reviewers:
        return
    st.header(say("Name reviewers for several"), anchor=False)
    offered = list(open_ones)[:MOST]
    with st.form("seats", border=False):
        chosen = st.multiselect(
            say("Assessments"), offered, format_func=lambda i: open_ones[i],
            placeholder=say("Choose assessments"),
        )  # fmt: skip
        ids, shown = list(reviewers), lambda i: reviewers[i]
        lead = st.selectbox(
            say("Lead reviewer"), ids, None, format_func=shown, placeholder=say("Choose a person")
        )
        second = st.selectbox(
            say("Second reviewer (optional)"), ids, None, format_func=shown, placeholder=say("None")
        )
        is_sent = st.form_submit_button(say("Name them"))
    if not is_sent:
        return
    if not chosen or lead is None:
        notice(say("Choose assessments and a lead reviewer."), tone="warn", key="seats-missing")
        return
    _assign(chosen, (lead, *((second,) if second else ())), open_ones)


def _assign(chosen: Sequence[str], people: tuple[str, ...], titles: dict[str, str]) -> None:
    failed = []
    for assessment_id in chosen:
        try:
            assign_reviewers(state.records(), identity.current_actor(), assessment_id, people)
        except WorkbenchError as error:
            why = f"{say_error(error.title)[0]}. {say_error(error.detail)[0]}"
            failed.append([titles[assessment_id], why])
    done = counted(len(chosen) - len(failed), "assessment has", "assessments have")
    said = say("{number} new reviewers.", number=done)
    announce(said)
    notice(said, tone="good" if not failed else "warn", key="seats-done")
    if failed:
        table(say("Not named"), [say("Assessment"), say("Why not")], failed, key="seats-failed")
