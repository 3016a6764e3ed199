"""One condition of an approval: what must be done, by whom and when; closing it, and its actions."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st
from sqlalchemy import RowMapping

from assessments.actions import list_actions
from assessments.errors import WorkbenchError
from assessments.questionnaire.current import find_assessment
from assessments.records.permissions import check_permission, has_permission
from assessments.review.conditions import find_condition
from assessments.review.decisions import close_condition
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    Tag,
    announce,
    error_box,
    facts,
    go,
    notice,
    page_head,
    table,
    tags,
)
from dashboard.pages.actions import action_tags
from dashboard.parameters import required
from dashboard.reading import names_of, naming
from dashboard.text import day, moment, say


def render() -> None:
    """Everything about the condition in the address."""
    actor, today = identity.current_actor(), datetime.now(UTC).date()
    with state.records().read() as connection:
        found = find_condition(connection, required("id"))
        of = find_assessment(connection, found["assessment_id"])
        check_permission(connection, actor, "assessment.read", of["project_id"])
        can_close = has_permission(connection, actor, "condition.close", of["project_id"])
        actions = [
            item
            for item in list_actions(connection, assessment=of["id"])
            if item.origin_ref == found["id"]
        ]
    page_head(
        say("Condition of an approval"), found["text"],
        [Link(say("Actions and conditions"), "actions")],
    )  # fmt: skip
    tags(_standing(found, today.toordinal()))
    _facts(found, of)
    if actions:
        name = naming()
        st.header(say("Actions for it"), anchor=False)
        rows: list[list[Cell]] = [
            [Link(a.text, "action", {"id": a.id}), name("person", a.owner_id), day(a.due_on),
             action_tags(a, today)]
            for a in actions
        ]  # fmt: skip
        table(say("Actions"), [say("Action"), say("Owner"), say("Due"), say("State")], rows)
    if found["closed_at"] is not None:
        notice(found["closing_note"] or "", title=say("How it was met"), key="note")
    elif found["owner_id"] == actor.person_id:
        notice(say("You own this condition. Ask the privacy office or the approver to confirm that it is met."), key="own")  # fmt: skip
    elif can_close:
        _form(found["id"])


def _standing(found: RowMapping, today: int) -> list[Tag]:
    if found["closed_at"] is not None:
        return [Tag(say("Closed"), "good")]
    if found["due_on"].toordinal() < today:
        return [Tag(say("Open"), "info"), Tag(say("Overdue"), "bad")]
    return [Tag(say("Open"), "info")]


def _facts(found: RowMapping, of: RowMapping) -> None:
    name, project = naming(), of["project_id"]
    rows: list[tuple[str, Cell]] = [
        (say("Owner"), name("person", found["owner_id"])),
        (say("Due"), day(found["due_on"])),
        (say("Assessment"), Link(of["title"], "assessment", {"assessment": of["id"]})),
        (say("Project"), Link(name("project", project), "gate", {"project": project})),
    ]
    if found["closed_at"] is not None:
        who = name("person", found["closed_by"])
        rows.append((say("Closed by"), f"{who}, {moment(found['closed_at'])}"))
    if digest := found["closing_evidence"]:
        rows.append((say("Evidence"), names_of("evidence").get(digest, digest[:12])))
    facts([*rows, (say("Number"), found["id"])])


def _form(condition_id: str) -> None:
    st.header(say("Close the condition"), anchor=False)
    files = names_of("evidence")
    with st.form("close", border=False):
        note = st.text_area(say("How it was met"), height=100)
        file = st.selectbox(
            say("A file that shows it (optional)"), list(files), None,
            format_func=lambda i: files[i], placeholder=say("None"),
        )  # fmt: skip
        is_sent = st.form_submit_button(say("Close the condition"), type="primary")
    if not is_sent:
        return
    try:
        close_condition(state.records(), identity.current_actor(), condition_id, note, file)
    except WorkbenchError as error:
        error_box(error, key="condition-error")
        return
    announce(say("The condition is closed."))
    go("condition", id=condition_id)
