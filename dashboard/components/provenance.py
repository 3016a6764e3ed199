"""Above a question: what the reviewer asks for, where its answer came from, and why it is asked."""

from __future__ import annotations

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Answer, Assessment, Question, Section
from assessments.review.lifecycle import State
from assessments.review.rounds import Verdict, section_verdicts
from dashboard import state
from dashboard.components.boxes import notice
from dashboard.text import say

_ORIGIN = "question.origin"


def origin_box(found: Assessment, question: Question, answer: Answer | None) -> None:
    """Where the answer came from, as it was when the page was opened.

    It stays until the reader leaves: were it to go when the first change is saved, the buttons would
    move under the pointer and the next click would be lost.
    """
    key = f"origin-{found.id}-{question.id}"
    place, text = st.session_state.get(_ORIGIN, ("", ""))
    if place != key:
        text = ""
        if answer and answer.provenance:
            text = questionnaire.provenance_text(answer, found.template.language)
        if answer and answer.needs_confirmation:
            text += ". " + say("Change it where it is wrong; continue to confirm it.")
        st.session_state[_ORIGIN] = (key, text)
    if text:
        is_document = bool(answer and answer.provenance and answer.provenance.is_document)
        title = say("Taken from a document") if is_document else say("Prefilled from the inventory")
        notice(text, title=title, key=key)
    shown = questionnaire.explain_shown(found.template, found.answers, question.id)
    if shown:
        st.caption(shown)


def forget_origin() -> None:
    """The reader leaves: the next page says what is so then."""
    st.session_state.pop(_ORIGIN, None)


def remark_box(found: Assessment, section: Section) -> None:
    """What the reviewer wants changed in this section, while the assessment is back with its author."""
    if found.state != State.RETURNED:
        return
    with state.records().read() as connection:
        given = section_verdicts(connection, found.id, found.template).get(section.id)
    if given is not None and given.verdict is Verdict.CHANGES_REQUESTED:
        notice(given.comment, title=say("The reviewer asks for changes in this section"),
               tone="warn", key=f"remark-{section.id}")  # fmt: skip
