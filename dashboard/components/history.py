"""Who answered a question what and when, newest first."""

from __future__ import annotations

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Assessment, Question
from dashboard import state
from dashboard.reading import names_of, naming
from dashboard.text import moment, say

MOST = 20
LONGEST = 500


def history_box(found: Assessment, question: Question, *, can_undo: bool) -> bool:
    """The revisions of an answer; whether somebody wants the last change undone."""
    revisions = questionnaire.history(state.records(), found.id, question.id)
    if not revisions:
        return False
    people, names = names_of("person"), naming()
    with st.expander(say("History of this answer")):
        for item in reversed(revisions[-MOST:]):
            text = say("Cleared")
            if item.answer is not None:
                answers = {question.id: item.answer}
                text = questionnaire.answer_text(found.template, answers, question.id, names)
            st.text(f"{moment(item.at)}, {people.get(item.by, item.by)}: {text[:LONGEST]}")
        is_offered = can_undo and len(revisions) > 1
        return is_offered and st.button(say("Undo the last change"), key="undo")
