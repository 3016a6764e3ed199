"""The gate of one project: whether it may be released, every reason against it, and overrides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.records.permissions import check_permission, has_permission
from assessments.review.clock import add_period
from assessments.review.gate import Gate
from assessments.review.gate_policy import gate_policy
from assessments.review.override import (
    Override,
    ask_override,
    end_override,
    grant_override,
    list_overrides,
)
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
from dashboard.parameters import required
from dashboard.reading import naming
from dashboard.release import gate_of
from dashboard.text import counted, day, moment, say, words

WEEK = timedelta(days=7)


def render() -> None:
    """The answer, its reasons, and what two people may do about it."""
    actor, today = identity.current_actor(), datetime.now(UTC).date()
    project = required("project")
    with state.records().read() as connection:
        check_permission(connection, actor, "assessment.read", project)
        overrides = list_overrides(connection, project)
        can = {
            step: has_permission(connection, actor, f"gate.override.{step}", project)
            for step in ("ask", "grant", "end")
        }
    found = gate_of(state.home(), state.records(), project)
    name = naming()("project", project)
    page_head(
        say("Release of {project}", project=name),
        say("A release waits until nothing stands against it."),
        [Link(say("Projects"), "projects"), Link(name, "project", {"id": project})],
    )
    _answer(found)
    _reasons(found)
    over = [item for item in overrides if item.standing(today) in {"waiting", "in_force"}]
    for item in over:
        _override(item, today, can, actor.person_id)
    if found.reasons and not over and can["ask"]:
        _ask_form(found, today)


def _answer(found: Gate) -> None:
    if found.override is not None:
        until = day(found.override.until)
        tags([Tag(say("Open by override until {day}", day=until), "warn")])
        return
    tags([Tag(say("Open"), "good") if found.is_open else Tag(say("Closed"), "bad")])


def _reasons(found: Gate) -> None:
    st.header(say("What stands against it"), anchor=False)
    if not found.reasons:
        notice(say("Nothing stands against the release."), tone="good", key="open")
        return
    rows: list[list[Cell]] = [
        [words(reason.kind), reason.what, day(reason.since) or None] for reason in found.reasons
    ]
    columns = [say("Kind"), say("Reason"), say("Day")]
    table(counted(len(rows), "reason", "reasons"), columns, rows, key="reasons")


def _override(item: Override, today: date, can: dict[str, bool], person_id: str) -> None:
    is_waiting, name = item.is_waiting(today), naming()
    title = say("Somebody asks to open the gate") if is_waiting else say("Override in force")
    st.header(title, anchor=False)
    rows: list[tuple[str, Cell]] = [
        (say("Reason"), item.reason),
        (say("Last day"), day(item.until)),
        (say("Asked by"), f"{name('person', item.asked_by)}, {moment(item.asked_at)}"),
        (say("Covers"), counted(len(item.covers), "reason", "reasons")),
    ]
    if item.granted_by and item.granted_at:
        rows.append(
            (say("Granted by"), f"{name('person', item.granted_by)}, {moment(item.granted_at)}")
        )
    facts(rows, key=f"override-{item.id}")
    actor = identity.current_actor()
    can_grant = is_waiting and can["grant"] and item.asked_by != person_id
    if can_grant and st.button(say("Grant it"), type="primary", key=f"grant-{item.id}"):
        _act(item.project_id, lambda: grant_override(state.records(), actor, item.id))
    if can["end"]:
        with st.form(f"end-{item.id}", border=False):
            reason = st.text_input(say("Why it is refused or ends"))
            if st.form_submit_button(say("Refuse or end it")):
                _act(item.project_id, lambda: end_override(state.records(), actor, item.id, reason))


def _ask_form(found: Gate, today: date) -> None:
    st.header(say("Ask to open the gate for a time"), anchor=False)
    st.write(
        say("An approver who is somebody else has to grant it. It covers the reasons of today; a new reason closes the gate again.")
    )  # fmt: skip
    last = add_period(today, gate_policy().longest_override)
    with st.form("ask", border=False):
        reason = st.text_area(say("Why the release cannot wait"), height=100)
        until = st.date_input(
            say("Last day"), today + WEEK, min_value=today, max_value=last, format="YYYY-MM-DD"
        )
        is_sent = st.form_submit_button(say("Ask"))
    if is_sent:
        covers = {blocker.key for blocker in found.reasons}
        named = until if isinstance(until, date) else today
        _act(found.project, lambda: ask_override(
            state.records(), identity.current_actor(), found.project, covers, reason, named))  # fmt: skip


def _act(project: str, act: Callable[[], Override]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="override-error")
        return
    announce(say("The override is recorded."))
    go("gate", project=project)
