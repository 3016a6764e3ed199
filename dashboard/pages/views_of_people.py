"""The views of the people concerned (GDPR Art. 35(9)): what is recorded, and the form to record them."""

from __future__ import annotations

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.records.permissions import has_permission
from assessments.review.lifecycle import WAITS_FOR
from assessments.review.subjects import Views, asks_views, find_views, record_views
from dashboard import identity, state
from dashboard.components import Cell, Link, announce, error_box, facts, go
from dashboard.text import say


def show_views(found: Assessment) -> None:
    """Where the assessment asks for them itself, its answers are shown and linked; else they are recorded."""
    with state.records().read() as connection:
        views = find_views(connection, found.id)
        may_record = has_permission(
            connection, identity.current_actor(), "views.record", found.project_id
        )
    if views is not None:
        _recorded(found, views)
    if may_record and found.state in WAITS_FOR and not asks_views(found.template):
        _form(found, views or Views(None, "", "", ""))


def _recorded(found: Assessment, views: Views) -> None:
    st.header(say("Views of the people concerned"), anchor=False)
    sought = {True: say("Yes"), False: say("No"), None: None}[views.was_sought]
    rows: list[tuple[str, Cell]] = [(say("Were they asked?"), sought)]
    rows += [(say("How"), views.how)] if views.how else []
    rows += [(say("What came of it"), views.outcome)] if views.outcome else []
    rows += [(say("Why not"), views.reason)] if views.reason else []
    if views.questions:
        link = Link(say("All answers on one page"), "check_answers", {"assessment": found.id})
        rows.append((say("Answered in"), link))
    facts(rows, key="views")


def _form(found: Assessment, known: Views) -> None:
    with (
        st.expander(say("Record the views of the people concerned")),
        st.form("views", border=False),
    ):
        asked = {True: say("Yes"), False: say("No")}
        chosen = None if known.was_sought is None else list(asked).index(known.was_sought)
        sought = st.radio(
            say("Were they asked?"), list(asked), chosen, format_func=lambda yes: asked[yes]
        )
        how = st.text_area(say("If they were: how"), known.how, height=80)
        outcome = st.text_area(say("What came of it"), known.outcome, height=80)
        reason = st.text_area(say("If they were not: why not"), known.reason, height=80)
        sent = st.form_submit_button(say("Record them"))
    if not sent:
        return
    given = Views(sought, how, outcome, "") if sought else Views(sought, "", "", reason)
    try:
        record_views(state.records(), identity.current_actor(), found.id, given)
    except WorkbenchError as error:
        error_box(error, key="views-error")
        return
    announce(say("The views are recorded."))
    go("decision", assessment=found.id)
