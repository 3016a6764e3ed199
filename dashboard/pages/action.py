"""One action: what, whose, by when, where it comes from; closing it as done, or dropping it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from assessments.actions import Action, Origin, Status, drop_action, find_action, finish_action
from assessments.errors import WorkbenchError
from assessments.records.permissions import EVERYWHERE, check_permission, has_permission
from dashboard import identity, state
from dashboard.components import Link, announce, error_box, facts, go, notice, page_head, tags
from dashboard.components.markup import Cell
from dashboard.pages.actions import action_tags
from dashboard.parameters import required
from dashboard.reading import names_of, naming
from dashboard.text import day, moment, say


def render() -> None:
    """Everything about the action in the address."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        found = find_action(connection, required("id"))
        check_permission(connection, actor, "assessment.read", found.project_id)
        can_close = has_permission(connection, actor, "action.close", found.project_id)
        can_drop = has_permission(connection, actor, "action.drop", found.project_id)
    page_head(say("Action"), found.text, [Link(say("Actions and conditions"), "actions")])
    tags(action_tags(found, datetime.now(UTC).date()))
    _facts(found)
    if found.closing_note:
        title = say("How it was done") if found.status is Status.DONE else say("Why it was dropped")
        notice(found.closing_note, title=title, key="note")
    if found.status is not Status.OPEN:
        return
    if can_close:
        _finish_form(found)
    if can_drop and found.owner_id != actor.person_id:
        _drop_form(found)


def _facts(found: Action) -> None:
    name = naming()
    rows: list[tuple[str, Cell]] = [
        (say("Owner"), name("person", found.owner_id)),
        (say("Due"), day(found.due_on)),
        (say("Project"), _project(name("project", found.project_id), found.project_id)),
        (say("Comes from"), _origin(found)),
        (say("Added by"), f"{name('person', found.added_by)}, {moment(found.added_at)}"),
    ]  # fmt: skip
    if found.assessment_id:
        link = Link(say("Assessment"), "assessment", {"assessment": found.assessment_id})
        rows.append((say("Assessment"), link))
    if found.closed_by and found.closed_at:
        rows.append(
            (say("Closed by"), f"{name('person', found.closed_by)}, {moment(found.closed_at)}")
        )
    if found.evidence_sha256:
        digest = found.evidence_sha256
        rows.append((say("Evidence"), names_of("evidence").get(digest, digest[:12])))
    facts([*rows, (say("Number"), found.id)])


def _project(name: str, project_id: str) -> Cell:
    """Where it belongs; what was found in a field may belong to no project."""
    if project_id == EVERYWHERE:
        return say("No project")
    return Link(name, "gate", {"project": project_id})


def _origin(found: Action) -> str:
    said = {
        Origin.RISK: say("Risk {number}", number=found.origin_ref),
        Origin.MEASURE: say("Measure {number}", number=found.origin_ref),
        Origin.CONDITION: say("A condition of the approval"),
        Origin.FINDING: say("The finding {rule}", rule=found.origin_ref),
        Origin.FIELD: say("What was found in {field}", field=found.origin_ref),
        Origin.FREE: say("Nothing else"),
    }
    return said[found.origin]


def _finish_form(found: Action) -> None:
    st.header(say("Close it as done"), anchor=False)
    files = names_of("evidence")
    with st.form("finish", border=False):
        note = st.text_area(say("How it was done"), height=100)
        file = st.selectbox(
            say("A file that shows it (optional)"), list(files), None,
            format_func=lambda i: files[i], placeholder=say("None"),
        )  # fmt: skip
        if st.form_submit_button(say("Close as done"), type="primary"):
            _act(found, lambda: finish_action(
                state.records(), identity.current_actor(), found.id, note, file))  # fmt: skip


def _drop_form(found: Action) -> None:
    st.header(say("Give it up"), anchor=False)
    with st.form("drop", border=False):
        reason = st.text_area(say("Reason"), height=100)
        if st.form_submit_button(say("Drop it")):
            _act(found, lambda: drop_action(
                state.records(), identity.current_actor(), found.id, reason))  # fmt: skip


def _act(found: Action, act: Callable[[], Action]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="action-error")
        return
    announce(say("The action is closed."))
    go("action", id=found.id)
