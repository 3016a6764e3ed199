"""Register a result file: choose whose it is, upload it, and see at once what it says or what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import streamlit as st
from duckdb import DuckDBPyConnection

from assessments.errors import WorkbenchError
from assessments.leakage.register.keys import usable
from assessments.leakage.register.store import Subject
from assessments.records.permissions import has_permission
from dashboard import identity, measurements, state
from dashboard.components import Link, announce, empty, error_box, go, notice, page_head
from dashboard.components.choice import choice
from dashboard.inventory.projects import datasets_of, models_of
from dashboard.pages import on_warehouse
from dashboard.reading import names_of
from dashboard.text import counted, say

MAX_MB = 16


@on_warehouse
def render(cursor: DuckDBPyConnection) -> None:
    """The form, for those who may register for the project."""
    page_head(
        say("Register a result file"),
        say(
            "The JSON of privacy leakage …, or of a build elsewhere that keeps to the same schema."
        ),
        [Link(say("Measured leakage"), "leakage")],
    )
    projects = dict(sorted(names_of("project").items(), key=lambda p: p[1]))
    if not projects:
        empty(say("No project"), say("Load an export of projects first."))
        return
    project = choice(say("Project"), projects, "project")
    actor = identity.current_actor()
    with state.records().read() as connection:
        can = has_permission(connection, actor, "measurement.register", project)
        accepts = has_permission(connection, actor, "measurement.accept", project)
        keys = usable(connection, project)
    if not can:
        notice(say("Registering needs the role of an author of this project or of the privacy office."), key="no-role")  # fmt: skip
        return
    _form(cursor, project)
    notice(
        say("What you register counts at once, for you may accept it.")
        if accepts
        else say("A signed result counts at once. An unsigned one waits until the privacy office accepts it."),
        title=counted(len(keys), "key may sign for this project", "keys may sign for this project"),
        key="who-accepts",
    )  # fmt: skip


def _form(cursor: DuckDBPyConnection, project: str) -> None:
    subjects = {
        f"model:{row['model_id']}": say("Model {name}", name=f"{row['name']} {row['version']}")
        for row in models_of(cursor, project)
    } | {
        f"dataset:{row['dataset_id']}": say("Dataset {name}", name=row["name"])
        for row in datasets_of(cursor, project)
    }
    if not subjects:
        empty(say("Nothing to measure"), say("The inventory names no model and no dataset of this project."))  # fmt: skip
        return
    today = datetime.now(UTC).date()
    with st.form("register", border=False):
        about = st.selectbox(
            say("What was measured"), list(subjects), format_func=lambda each: subjects[each]
        )
        day = st.date_input(say("Day of measurement"), today, max_value=today, format="YYYY-MM-DD")
        file = st.file_uploader(say("Result file (JSON)"), type=["json"], max_upload_size=MAX_MB)
        signature = st.file_uploader(
            say("Signature (DSSE envelope), if a build signed it"), max_upload_size=1
        )
        is_sent = st.form_submit_button(say("Register"), type="primary")
    if is_sent and file is None:
        notice(say("Choose a result file first."), tone="warn", key="no-file")
    if is_sent and file is not None and isinstance(day, date):
        envelope = signature.getvalue() if signature else None
        kind, _, subject_id = str(about).partition(":")
        subject = Subject(kind, subject_id, project)
        _register(subject, file.name, file.getvalue(), None if envelope else day, envelope)


def _register(
    subject: Subject, file: str, data: bytes, day: date | None, envelope: bytes | None
) -> None:
    try:
        with st.spinner(say("Checking the file and building the figures anew")):
            found = measurements.register(
                state.home(), state.records(), identity.current_actor(), subject, data, file,
                measured_on=day, envelope=envelope,
            )  # fmt: skip
    except WorkbenchError as error:
        if error.field:
            error.where = {**error.where, "field": error.field}
        error_box(error, key="register-error")
        return
    announce(say("The measurement is registered."))
    go("leakage_result", id=found[0].id)
