"""The reviewer's page: answers on one side, a verdict and a comment for each section."""

from __future__ import annotations

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment, Section, View
from assessments.review import rounds
from assessments.review.lifecycle import State
from assessments.review.parts import can_play
from assessments.review.rounds import SectionVerdict, Verdict
from dashboard import identity, state
from dashboard.components import (
    Link,
    Tag,
    announce,
    error_box,
    go,
    notice,
    page_head,
    status_line,
    tags,
)
from dashboard.pages.check_answers import show_outcome, show_section
from dashboard.reading import find_readable, names_of
from dashboard.text import moment, say

_PROBLEM = "review.problem"


def render() -> None:
    """Each section with its verdict, then closing the round."""
    found = find_readable()
    page_head(
        say("Review"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    is_open = _can_review(found)
    if found.template.outcome is not None:
        show_outcome(found)
    with state.records().read() as connection:
        verdicts = rounds.section_verdicts(connection, found.id, found.template)
    view = View(found.template, found.answers)
    for section in found.template.sections:
        if view.is_section_visible(section):
            _section(found, section, verdicts.get(section.id), is_open)
    if is_open:
        _close(found)


def _can_review(found: Assessment) -> bool:
    """Whether this person may give verdicts now; when not, the page says why."""
    person = identity.current_person()
    with state.records().read() as connection:
        is_free = can_play(connection, found.id, person.id, "reviewer")
    if "reviewer" not in person.roles or found.state not in {State.SUBMITTED, State.IN_REVIEW}:
        why = say("A reviewer can give verdicts while the assessment is in review.")
    elif not is_free:
        why = say("You have played another part here, so somebody else has to review it.")
    else:
        return True
    notice(why, key="closed")
    return False


def _section(
    found: Assessment, section: Section, given: SectionVerdict | None, is_open: bool
) -> None:
    left, right = st.columns([2, 1], gap="large")
    with left:
        show_section(found, section, can_write=False)
    with right:
        st.subheader(say("Verdict: {section}", section=section.title), anchor=False)
        _verdict(given, section)
        if is_open:
            _form(found, section, given)


def _verdict(given: SectionVerdict | None, section: Section) -> None:
    if given is None:
        tags([Tag(say("Not reviewed yet"))], key=f"verdict-{section.id}")
        return
    is_accepted = given.verdict is Verdict.ACCEPTED
    words = say("Accepted") if is_accepted else say("Changes requested")
    shown = [Tag(words, "good" if is_accepted else "warn")]
    if not given.is_current:
        shown.append(Tag(say("Answers changed since"), "info"))
    tags(shown, key=f"verdict-{section.id}")
    who = names_of("person").get(given.reviewer_id, given.reviewer_id)
    st.caption(f"{who}, {moment(given.at)}")
    if given.comment:
        st.text(given.comment)


def _form(found: Assessment, section: Section, given: SectionVerdict | None) -> None:
    with st.form(f"verdict:{found.id}:{section.id}", border=False):
        comment = st.text_area(
            say("Comment on {section}", section=section.title),
            given.comment if given and given.is_current else "",
            help=say(
                "Everybody who can read the assessment sees it, and the signed report names it."
            ),
        )
        with st.container(horizontal=True):
            accept = st.form_submit_button(say("Accept section"), key=f"accept-{section.id}")
            request = st.form_submit_button(say("Request changes"), key=f"request-{section.id}")
    if accept or request:
        _give(found, section, Verdict.ACCEPTED if accept else Verdict.CHANGES_REQUESTED, comment)
    problem = st.session_state.pop(f"{_PROBLEM}.{section.id}", None)
    status_line("", key=f"status-{section.id}")
    if problem is not None:
        error_box(problem, level=4, key=f"problem-{section.id}")


def _give(found: Assessment, section: Section, verdict: Verdict, comment: str) -> None:
    try:
        rounds.give_verdict(
            state.records(), identity.current_actor(), found.id, section.id, verdict, comment
        )
    except WorkbenchError as error:
        st.session_state[f"{_PROBLEM}.{section.id}"] = error
    st.rerun()


def _close(found: Assessment) -> None:
    st.header(say("Close the round"), anchor=False)
    st.write(
        say(
            "When a section asks for changes, the assessment goes back to its author. "
            "When every section is accepted, it goes on to the data protection officer or the approver."
        )
    )
    if not st.button(say("Close the round"), type="primary"):
        return
    try:
        target = rounds.finish_review(state.records(), identity.current_actor(), found.id)
    except WorkbenchError as error:
        error_box(error, key="close-error")
        return
    announce(say("The assessment is now {state}.", state=target.value.replace("_", " ")))
    go("assessment", assessment=found.id)
