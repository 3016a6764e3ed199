"""Two people, one answer: both versions side by side, and a choice that overwrites nothing unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Answer, AnswerConflict, Assessment, Question, Type
from dashboard.components.boxes import error_box
from dashboard.components.tables import table
from dashboard.reading import naming
from dashboard.text import say

_OPEN = "conflict.open"


def remember(found: Assessment, question: Question, conflict: AnswerConflict) -> None:
    """Keep a conflict on its page until somebody has chosen."""
    st.session_state[_OPEN] = (found.id, question.id, conflict)


def forget() -> None:
    """The conflict is over: something was saved, or somebody has chosen."""
    st.session_state.pop(_OPEN, None)


def conflict_box(
    found: Assessment,
    question: Question,
    *,
    save: Callable[[AnswerConflict, Answer | None], None],
    keep_theirs: Callable[[], None],
) -> None:
    """Both answers as people read them; nothing when there is no conflict here."""
    place = st.session_state.get(_OPEN)
    if place is None or place[:2] != (found.id, question.id):
        return
    conflict: AnswerConflict = place[2]
    error_box(conflict, key="conflict")
    _side(found, question, conflict.mine, lambda text: say("Yours: {mine}", mine=text), "mine")
    _side(
        found,
        question,
        conflict.theirs,
        lambda text: say("Saved meanwhile: {theirs}", theirs=text),
        "theirs",
    )
    with st.container(horizontal=True):
        st.button(say("Save yours instead"), key="conflict-mine",
                  on_click=lambda: save(conflict, conflict.mine))  # fmt: skip
        both = _both(question, conflict)
        if both is not None:
            st.button(say("Add your new rows to what was saved"), key="conflict-both",
                      on_click=lambda: save(conflict, both))  # fmt: skip
        st.button(say("Keep what was saved"), key="conflict-theirs", on_click=keep_theirs)
    st.caption(say("What was saved meanwhile stands. Change the answer above to replace it."))


def _both(question: Question, conflict: AnswerConflict) -> Answer | None:
    """Their rows, then those of mine that they do not have; None where that is not possible."""
    mine, theirs = conflict.mine, conflict.theirs
    if question.type is not Type.TABLE or not (mine and theirs and mine.value and theirs.value):
        return None
    known = {row["id"] for row in theirs.value}
    new = [row for row in mine.value if row["id"] not in known]
    return replace(theirs, value=[*theirs.value, *new]) if new else None


def _side(
    found: Assessment,
    question: Question,
    answer: Answer | None,
    said: Callable[[str], str],
    key: str,
) -> None:
    if answer is None:
        st.text(said(say("no answer")))
        return
    answers = {**found.answers, question.id: answer}
    text = questionnaire.answer_text(found.template, answers, question.id, naming())
    st.text(said(text))
    if question.type is Type.TABLE and answer.value:
        rows = questionnaire.table_texts(found.template, answers, question.id, naming())
        titles = [column.title for column in question.columns]
        table(question.title, titles, [[cell or None for cell in row] for row in rows], key=key)
