"""Actions, conditions and approvals that end: what was promised, by whom, and by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from assessments.actions import (
    Action,
    Due,
    DueKind,
    NewAction,
    Origin,
    Status,
    add_action,
    list_actions,
    list_due,
)
from assessments.actions.adding import origins_of
from assessments.errors import WorkbenchError
from assessments.portfolio import readable_projects
from assessments.questionnaire import load_in
from assessments.records.permissions import check_permission, has_permission
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    Tag,
    announce,
    empty,
    error_box,
    go,
    page_head,
    paged,
)
from dashboard.components.markup import Tone
from dashboard.parameters import optional
from dashboard.reading import names_of, naming
from dashboard.text import counted, day, say

SOON = 30
TONES: dict[Status, Tone] = {Status.OPEN: "info", Status.DONE: "good", Status.DROPPED: "neutral"}
Name = Callable[[str, str], str]


def render() -> None:
    """What is open first, what ended below, and a form to add an action."""
    page_head(
        say("Actions and conditions"),
        say("What was promised, by whom and by when. Whoever owns a condition cannot close it alone."),
        [Link(say("Portfolio"), "portfolio")],
    )  # fmt: skip
    today, wanted = datetime.now(UTC).date(), optional("assessment")
    actions, days = _readable(today, wanted)
    name = naming()
    open_ones = [item for item in actions if item.status is Status.OPEN]
    _actions(say("Open actions"), open_ones, name, today, "open")
    conditions = [item for item in days if item.kind is DueKind.CONDITION]
    _days(say("Open conditions of approvals"), conditions, name, today, "conditions")
    ending = [d for d in days if d.kind is DueKind.APPROVAL and d.days_left <= SOON]
    if ending:
        _days(say("Approvals that end soon"), ending, name, today, "approvals")
    ended = [item for item in actions if item.status is not Status.OPEN]
    if ended:
        _actions(say("Done or dropped"), ended[::-1], name, today, "ended")
    if wanted:
        _add_form(wanted, today)


def _readable(today: date, assessment_id: str) -> tuple[list[Action], list[Due]]:
    actor = identity.current_actor()
    with state.records().read() as connection:
        actions = list_actions(connection, assessment=assessment_id or None)
        days = list_due(connection, today)
        scopes = {item.project_id for item in actions} | {due.project_id for due in days}
        readable = readable_projects(connection, actor, scopes)
    return (
        [item for item in actions if item.project_id in readable],
        [
            item
            for item in days
            if item.project_id in readable and assessment_id in {"", item.assessment_id}
        ],
    )


def _actions(title: str, found: Sequence[Action], name: Name, today: date, key: str) -> None:
    st.header(title, anchor=False)
    if not found:
        empty(
            say("No action is open"),
            say("An action is added on the page of an assessment."),
            key=f"no-{key}",
        )
        return

    def read(limit: int, offset: int) -> list[list[Cell]]:
        return [
            [
                Link(item.text, "action", {"id": item.id}),
                name("project", item.project_id),
                name("person", item.owner_id),
                day(item.due_on),
                action_tags(item, today),
            ]
            for item in found[offset : offset + limit]
        ]

    columns = [say("Action"), say("Project"), say("Owner"), say("Due"), say("State")]
    paged(counted(len(found), "action", "actions"), columns, len(found), read, key=f"{key}_page")


def action_tags(item: Action, today: date) -> list[Tag]:
    """Where an action stands, and whether it is late."""
    said = {
        Status.OPEN: say("Open"),
        Status.DONE: say("Done"),
        Status.DROPPED: say("Dropped"),
    }
    late = [Tag(say("Overdue"), "bad")] if item.is_overdue(today) else []
    return [Tag(said[item.status], TONES[item.status]), *late]


def _days(title: str, found: Sequence[Due], name: Name, today: date, key: str) -> None:
    st.header(title, anchor=False)
    if not found:
        empty(
            say("No condition is open"),
            say("Conditions come from approvals, and stay here until somebody closes them."),
            key=f"no-{key}",
        )
        return

    def read(limit: int, offset: int) -> list[list[Cell]]:
        return [
            [
                _link(item),
                name("project", item.project_id),
                name("person", item.owner_id),
                [day(item.due_on), Tag(say("Overdue"), "bad")]
                if item.is_overdue
                else day(item.due_on),
            ]
            for item in found[offset : offset + limit]
        ]

    what = say("Condition") if key == "conditions" else say("Approval")
    columns = [what, say("Project"), say("Owner"), say("Due")]
    paged(title, columns, len(found), read, key=f"{key}_page")


def _link(item: Due) -> Link:
    if item.kind is DueKind.CONDITION:
        return Link(item.text, "condition", {"id": item.id})
    return Link(item.text, "assessment", {"assessment": item.id})


def _add_form(assessment_id: str, today: date) -> None:
    actor = identity.current_actor()
    with state.records().read() as connection:
        found = load_in(connection, assessment_id)
        check_permission(connection, actor, "assessment.read", found.project_id)
        if not has_permission(connection, actor, "action.add", found.project_id):
            return
        known = {
            f"{origin.value}:{ref}": f"{ref} {title}" if origin is not Origin.CONDITION else title
            for origin in Origin
            for ref, title in origins_of(connection, assessment_id, origin).items()
        }
    people = names_of("person")
    st.header(say("Add an action"), anchor=False)
    with st.form("add-action", border=False):
        text = st.text_area(say("What is to be done"), height=100)
        source = st.selectbox(
            say("What it comes from (optional)"), list(known), None,
            format_func=lambda i: known[i], placeholder=say("Nothing of the assessment"),
        )  # fmt: skip
        left, right = st.columns(2)
        owner = left.selectbox(
            say("Owner"), list(people), None, format_func=lambda i: people[i],
            placeholder=say("Choose a person"),
        )  # fmt: skip
        due = right.date_input(
            say("Due"), today + timedelta(days=SOON), min_value=today, format="YYYY-MM-DD"
        )
        is_sent = st.form_submit_button(say("Add the action"), type="primary")
    if is_sent:
        origin, _, ref = (source or "free:").partition(":")
        day_named = due if isinstance(due, date) else today
        _add(NewAction(text, owner or "", day_named, "", assessment_id, Origin(origin), ref))


def _add(new: NewAction) -> None:
    try:
        add_action(state.records(), identity.current_actor(), new)
    except WorkbenchError as error:
        error_box(error, key="add-error")
        return
    announce(say("The action is added."))
    go("actions", assessment=str(new.assessment_id))
