"""The reviewer's page: answers on one side, the votes and a form for one's own on the other.

A reader sees here what ``review.votes`` lets this reader see; with two reviewers that is the own vote
until both have voted on the section.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment, Section, View
from assessments.review import rounds
from assessments.review.lifecycle import State
from assessments.review.parts import can_play
from assessments.review.rounds import SectionVerdict, Verdict
from assessments.review.seats import can_sit
from assessments.review.votes import Vote
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
from dashboard.reviewers import Desk, choose_reviewers, read_desk, show_reviewers
from dashboard.text import moment, say

_PROBLEM = "review.problem"


def render() -> None:
    """Who reviews, each section with its votes, then closing the round."""
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
    desk = read_desk(found)
    show_reviewers(desk)
    if found.template.outcome is not None:
        show_outcome(found)
    view = View(found.template, found.answers)
    for section in found.template.sections:
        if view.is_section_visible(section):
            _section(found, section, desk, is_open)
    if is_open and desk.is_lead:
        _close(found)
    if found.state in {State.SUBMITTED, State.IN_REVIEW}:
        choose_reviewers(found, desk)


def _can_review(found: Assessment) -> bool:
    """Whether this person may give verdicts now; when not, the page says why."""
    person = identity.current_person()
    with state.records().read() as connection:
        is_free = can_play(connection, found.id, person.id, "reviewer")
        has_seat = can_sit(connection, found.id, person.id)
    if "reviewer" not in person.roles or found.state not in {State.SUBMITTED, State.IN_REVIEW}:
        why = say("A reviewer can give verdicts while the assessment is in review.")
    elif not is_free:
        why = say("You have played another part here, so somebody else has to review it.")
    elif not has_seat:
        why = say("Somebody else reviews this assessment. The office can name you as a reviewer.")
    else:
        return True
    notice(why, key="closed")
    return False


def _section(found: Assessment, section: Section, desk: Desk, is_open: bool) -> None:
    left, right = st.columns([2, 1], gap="large")
    with left:
        show_section(found, section, can_write=False)
    with right:
        st.subheader(say("Verdict: {section}", section=section.title), anchor=False)
        votes = desk.votes.get(section.id, [])
        given = desk.verdicts.get(section.id)
        if desk.is_disputed(section.id) and not desk.is_settled(section.id):
            tags([Tag(say("The reviewers differ"), "warn")], key=f"verdict-{section.id}")
        elif len(votes) > 1 and not desk.is_settled(section.id):
            tags([Tag(say("The reviewers agree"))], key=f"verdict-{section.id}")
        else:
            _verdict(given, section)
        if len(votes) > 1:
            _side_by_side(votes, section)
        if desk.is_disputed(section.id) and is_open and desk.is_lead:
            _settle_form(found, section)
        elif is_open and not (desk.is_shared and _are_locked(votes, found, desk)):
            _form(found, section, _own(votes, desk.reader))


def _own(votes: Sequence[Vote], reader: str) -> Vote | None:
    return next((vote for vote in votes if vote.reviewer_id == reader), None)


def _are_locked(votes: Sequence[Vote], found: Assessment, desk: Desk) -> bool:
    """Both are in and open: they stay as they are."""
    return len(votes) >= desk.needed and all(vote.round == found.round for vote in votes)


def _verdict(given: SectionVerdict | None, section: Section) -> None:
    if given is None:
        tags([Tag(say("Not reviewed yet"))], key=f"verdict-{section.id}")
        return
    shown = [_tag(given.verdict)]
    if not given.is_current:
        shown.append(Tag(say("Answers changed since"), "info"))
    tags(shown, key=f"verdict-{section.id}")
    who = names_of("person").get(given.reviewer_id, given.reviewer_id)
    st.caption(f"{who}, {moment(given.at)}")
    if given.comment:
        st.text(given.comment)


def _tag(verdict: Verdict) -> Tag:
    if verdict is Verdict.ACCEPTED:
        return Tag(say("Accepted"), "good")
    return Tag(say("Changes requested"), "warn")


def _side_by_side(votes: Sequence[Vote], section: Section) -> None:
    people = names_of("person")
    for vote in votes:
        st.caption(people.get(vote.reviewer_id, vote.reviewer_id))
        tags([_tag(vote.verdict)], key=f"vote-{section.id}-{vote.reviewer_id}")
        if vote.comment:
            st.text(vote.comment)


def _form(found: Assessment, section: Section, given: Vote | None) -> None:
    with st.form(f"verdict:{found.id}:{section.id}", border=False):
        comment = st.text_area(
            say("Comment on {section}", section=section.title),
            given.comment if given else "",
            help=say(
                "Once the round is closed, everybody who can read the assessment sees it, and the signed report names it."
            ),
        )
        with st.container(horizontal=True):
            accept = st.form_submit_button(say("Accept section"), key=f"accept-{section.id}")
            request = st.form_submit_button(say("Request changes"), key=f"request-{section.id}")
    if accept or request:
        _give(found, section, Verdict.ACCEPTED if accept else Verdict.CHANGES_REQUESTED, comment)
    _problem(section)


def _settle_form(found: Assessment, section: Section) -> None:
    with st.form(f"settle:{found.id}:{section.id}", border=False):
        reason = st.text_area(say("Why {section} is settled like this", section=section.title))
        with st.container(horizontal=True):
            accept = st.form_submit_button(say("Settle: accept"), key=f"settle-accept-{section.id}")
            request = st.form_submit_button(
                say("Settle: request changes"), key=f"settle-request-{section.id}"
            )
    if accept or request:
        given = Verdict.ACCEPTED if accept else Verdict.CHANGES_REQUESTED
        try:
            rounds.settle(
                state.records(), identity.current_actor(), found.id, section.id, given, reason
            )
        except WorkbenchError as error:
            st.session_state[f"{_PROBLEM}.{section.id}"] = error
        st.rerun()
    _problem(section)


def _problem(section: Section) -> None:
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
