"""All assessments that a reader may see, what waits for them, and beginning a new one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlalchemy import RowMapping, select

from assessments.errors import WorkbenchError
from assessments.questionnaire import find_template, list_templates
from assessments.records.permissions import has_permission
from assessments.records.tables import assessment
from assessments.review.lifecycle import WAITS_FOR, State
from dashboard import identity, office, state
from dashboard.components import (
    Cell,
    Item,
    Link,
    Tag,
    empty,
    error_box,
    go,
    link_list,
    page_head,
    table,
)
from dashboard.reading import facts, names_of, sources
from dashboard.text import day, language, say

FIRST_KIND = "screening"
TONES = {
    State.APPROVED: "good",
    State.APPROVED_WITH_CONDITIONS: "good",
    State.REJECTED: "bad",
    State.RETURNED: "warn",
    State.DRAFT: "neutral",
}


def state_tag(name: str) -> Tag:
    """An assessment's state in words."""
    return Tag(say(name.replace("_", " ").capitalize()), TONES.get(State(name), "info"))  # type: ignore[arg-type]


def render() -> None:
    """The list, mine first, then a form to begin."""
    page_head(
        say("Assessments"),
        say("Guided work with questions, review and decision. Those that wait for you come first."),
    )
    actor, person = identity.current_actor(), identity.current_person()
    with state.records().read() as connection:
        rows = connection.execute(
            select(assessment).order_by(assessment.c.updated_at.desc())
        ).mappings().all()  # fmt: skip
        readable = [
            row for row in rows
            if has_permission(connection, actor, "assessment.read", row["project_id"])
        ]  # fmt: skip
        can_begin = has_permission(connection, actor, "assessment.create")
    mine = [row for row in readable if _waits_for(row, person.id, person.roles)]
    others = [row for row in readable if row not in mine]
    if not readable:
        empty(
            say("No assessments yet"),
            say("Each project begins with a screening. Choose a project below to begin one."),
        )
    if mine:
        st.header(say("Waiting for you"), anchor=False)
        _show(mine, "mine")
    if others:
        st.header(say("All others") if mine else say("All"), anchor=False)
        _show(others, "others")
    if any(row["template_id"] == FIRST_KIND for row in readable):
        listed = Link(say("What the screenings found"), "screenings")
        link_list([(say("Read more"), [Item("", listed)])], key="more")
    if can_begin:
        _begin_form()


def _waits_for(row: RowMapping, person_id: str, roles: frozenset[str]) -> bool:
    role = WAITS_FOR.get(State(row["state"]))
    if role == "author":
        return bool(row["author_id"] == person_id)
    return role in roles and row["author_id"] != person_id


def _show(rows: Sequence[RowMapping], key: str) -> None:
    projects = names_of("project")
    cells: list[list[Cell]] = [
        [
            Link(row["title"], "assessment", {"assessment": row["id"]}),
            projects.get(row["project_id"], row["project_id"]),
            find_template(row["template_id"], row["template_version"], language()).title,
            state_tag(row["state"]),
            day(row["updated_at"].date()),
        ]
        for row in rows
    ]
    columns = [say("Assessment"), say("Project"), say("Kind"), say("State"), say("Changed")]
    table(say("Assessments"), columns, cells, key=f"assessments-{key}")


def _begin_form() -> None:
    st.header(say("Begin an assessment"), anchor=False)
    projects = names_of("project")
    first = sorted(list_templates(language()), key=lambda template: template.kind != FIRST_KIND)
    templates = {template.id: template.title for template in first}
    kinds = list(templates)
    chosen = st.query_params.get("template", "")
    wanted = st.query_params.get("project")
    ids = list(projects)
    with st.form("begin", border=False):
        project = st.selectbox(
            say("Project"), ids, ids.index(wanted) if wanted in ids else None,
            format_func=lambda i: projects[i], placeholder=say("Choose a project"),
        )  # fmt: skip
        template = st.radio(
            say("Kind"), kinds, kinds.index(chosen) if chosen in kinds else 0,
            format_func=lambda i: templates[i],
        )  # fmt: skip
        dataset = _about("dataset", say("Dataset that it is about (optional)"))
        vendor = _about("vendor", say("Vendor that it is about (optional)"))
        title = st.text_input(
            say("Title (optional)"),
            placeholder=say("Without one: the kind and the name of the project"),
        )
        if st.form_submit_button(say("Begin"), type="primary"):
            named = title or f"{templates[template]}: {projects.get(str(project))}"
            about = {"dataset": dataset, "vendor": vendor}
            _begin(project, template, named, {kind: i for kind, i in about.items() if i})


def _about(kind: str, label: str) -> str | None:
    """An object of the inventory, chosen already when the address names it."""
    names = names_of(kind)
    ids, wanted = list(names), st.query_params.get(kind)
    return st.selectbox(
        label, ids, ids.index(wanted) if wanted in ids else None,
        format_func=lambda i: names[i], placeholder=say("None"),
    )  # fmt: skip


def _begin(project: str | None, template: str, title: str, about: dict[str, str]) -> None:
    if project is None:
        st.error(say("Choose the project that the assessment is about."))
        return
    try:
        made = office.begin(
            state.records(), identity.current_actor(), facts(), template, project, title,
            organisation=office.organisation(state.home()), sources=sources(), language=language(),
            about=about,
        )  # fmt: skip
    except WorkbenchError as error:
        error_box(error, key="begin-error")
        return
    go("assessment", assessment=made)
