"""Two states of an assessment side by side: rounds, decisions or moments."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments import questionnaire
from assessments.questionnaire import Assessment, Difference
from assessments.questionnaire.compare import NOW, START, Milestone
from dashboard import parameters, state
from dashboard.components import Columns, Link, empty, go, page_head, table
from dashboard.reading import find_readable, naming
from dashboard.text import counted, moment, say


def render() -> None:
    """The two states, a form to choose others, and a table a question."""
    found = find_readable()
    with state.records().read() as connection:
        known = questionnaire.milestones(connection, found)
    old = questionnaire.find_milestone(known, parameters.optional("from") or _before(known))
    new = questionnaire.find_milestone(known, parameters.optional("to") or NOW)
    page_head(
        say("Compare two states"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    _choose(found, known, old, new)
    differences = questionnaire.compare_revisions(state.records(), found, old, new)
    if not differences:
        empty(say("Nothing differs"), say("Every answer says the same in both states."))
        return
    st.header(counted(len(differences), "answer differs", "answers differ"), anchor=False)
    show_differences(found, differences, old, new)


def show_differences(
    found: Assessment, differences: Sequence[Difference], old: Milestone, new: Milestone
) -> None:
    """One table a question: where, the old words, the new words."""
    with state.records().read() as connection:
        revisions = questionnaire.revisions_in(connection, found.id)
    before = questionnaire.answers_at(revisions, old.at)
    after = questionnaire.answers_at(revisions, new.at)
    names = naming()
    for difference in differences:
        question = difference.question
        st.subheader(question.title if question else difference.question_id, anchor=False)
        if difference.at is not None:
            who = names("person", difference.by)
            st.caption(say("Changed last by {who}, {when}", who=who, when=moment(difference.at)))
        show_lines(
            questionnaire.lines_of(found.template, difference, before, after, names),
            say("What differs: {question}", question=question.title if question else "–"),
            (words_of(old), words_of(new)),
            key=f"difference-{difference.question_id}",
        )


def show_lines(
    lines: Sequence[questionnaire.Line], caption: str, sides: tuple[str, str], *, key: str
) -> None:
    """Old beside new; the place is left out where the answer is no table."""
    is_table = any(line.where for line in lines)
    columns: Columns = [*([say("Row and cell")] if is_table else []), *sides]
    table(
        caption,
        columns,
        [
            [*([line.where or None] if is_table else []), line.old or None, line.new or None]
            for line in lines
        ],
        key=key,
    )


def words_of(milestone: Milestone) -> str:
    """A state as people call it."""
    kind, _, number = milestone.name.partition("-")
    at = moment(milestone.at) if milestone.at else ""
    if milestone.name == NOW:
        return say("Now")
    if milestone.name == START:
        return say("At the start, {when}", when=at)
    if kind == "round":
        return say("Sent for round {number}, {when}", number=number, when=at)
    if kind == "decision":
        return say("Decision {number}, {when}", number=number, when=at)
    return at


def _before(known: Sequence[Milestone]) -> str:
    """The last named state before the present one."""
    return known[-2].name


def _choose(found: Assessment, known: Sequence[Milestone], old: Milestone, new: Milestone) -> None:
    states = {item.name: words_of(item) for item in [*known, old, new]}
    names = list(states)
    with st.form("compare", border=False):
        left, right = st.columns(2)
        first = left.selectbox(
            say("From"), names, names.index(old.name), format_func=lambda n: states[n]
        )
        last = right.selectbox(
            say("To"), names, names.index(new.name), format_func=lambda n: states[n]
        )
        sent = st.form_submit_button(say("Compare"))
    if sent:
        go("compare", assessment=found.id, **{"from": first, "to": last})
