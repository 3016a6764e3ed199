"""The end of an approval: its last day, what renews it, and beginning that."""

from __future__ import annotations

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.questionnaire.current import find_assessment
from assessments.records.permissions import has_permission
from assessments.review.renewal import RENEWABLE, find_successor, renew
from dashboard import identity, office, state
from dashboard.components import Cell, Link, announce, error_box, facts, go
from dashboard.reading import facts as known_facts
from dashboard.reading import sources
from dashboard.text import counted, day, say


def show_end(found: Assessment) -> None:
    """Until when the approval counts, which assessment it renews, and its successor or a way to one."""
    with state.records().read() as connection:
        row = find_assessment(connection, found.id)
        successor = find_successor(connection, found.id)
        may_renew = has_permission(
            connection, identity.current_actor(), "assessment.create", found.project_id
        )
    rows: list[tuple[str, Cell]] = []
    if row["review_due_on"]:
        rows.append((say("Last day of the approval"), day(row["review_due_on"])))
    if row["renews"]:
        earlier = Link(say("The assessment before"), "assessment", {"assessment": row["renews"]})
        rows.append((say("Renews"), earlier))
    if successor:
        later = Link(say("The successor"), "assessment", {"assessment": successor})
        rows.append((say("Renewed by"), later))
    if not rows and found.state not in RENEWABLE:
        return
    st.header(say("The end of the approval"), anchor=False)
    facts(rows, key="end")
    if found.state in RENEWABLE and successor is None and may_renew:
        _button(found)


def _button(found: Assessment) -> None:
    st.write(
        say("A successor begins with these answers; each counts when somebody has confirmed it.")
    )
    if not st.button(say("Renew this assessment")):
        return
    context = {"organisation": office.organisation(state.home()), "sources": sources()}
    try:
        made = renew(
            state.records(), identity.current_actor(), found.id, known_facts(), context=context
        )
    except WorkbenchError as error:
        error_box(error, key="renew-error")
        return
    announce(counted(made.copied, "answer copied forward", "answers copied forward"))
    go("assessment", assessment=made.assessment_id)
