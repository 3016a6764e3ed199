"""Other tools' files: seen before anything is written, then imported, then found again with their losses."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.exchange.formats import MAX_BYTES, readable
from assessments.exchange.frame import Reading
from assessments.exchange.keep import Preview, preview
from assessments.exchange.loss import Loss
from assessments.exchange.past import PastImport, list_imports
from assessments.records.permissions import has_permission
from dashboard import foreign, identity, state
from dashboard.components import (
    Cell,
    Column,
    Columns,
    Link,
    empty,
    error_box,
    facts,
    go,
    notice,
    page_head,
    table,
)
from dashboard.reading import names_of
from dashboard.text import counted, moment, number, say, words

SHOWN = 50
SEEN = "imports.preview"
"""What the chosen file would become, with the id of its upload (tuple of str and Preview)."""


def render() -> None:
    """Choose, see, import; then the imports there were."""
    page_head(
        say("Imports"),
        say("Bring in what other tools wrote. You see what a file holds before anything is kept."),
    )
    past = _past()
    if _can_import():
        _choose(past)
    else:
        notice(
            say("Importing needs the role of an author or of the privacy office."), key="no-role"
        )
    _earlier(past)


def _can_import() -> bool:
    actor = identity.current_actor()
    with state.records().read() as connection:
        return has_permission(connection, actor, "assessment.create")


def _past() -> list[PastImport]:
    """The imports whose project this reader may see."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        return [
            item
            for item in list_imports(connection)
            if has_permission(connection, actor, "assessment.read", item.project_id)
        ]


def _choose(past: Sequence[PastImport]) -> None:
    st.header(say("Choose a file"), anchor=False)
    known = ", ".join(format_.title for format_ in readable())
    st.write(
        say("Formats that are recognised: {known}. Archives (ZIP) may hold them.", known=known)
    )
    chosen = st.file_uploader(say("File"), max_upload_size=MAX_BYTES // 2**20, key="imports.file")
    if chosen is None:
        return
    try:
        found = _seen(chosen.file_id, chosen.getvalue(), chosen.name)
    except WorkbenchError as error:
        error_box(error, key="unreadable")
        return
    _recognised(found, past)
    for position, reading in enumerate(found.readings):
        _reading(reading, position)
    _losses([*found.losses, *(loss for r in found.readings for loss in r.losses)], key="preview")
    _import_form(found)


def _seen(file_id: str, data: bytes, name: str) -> Preview:
    """The preview of this upload, made once."""
    kept = st.session_state.get(SEEN)
    if kept is None or kept[0] != file_id:
        kept = (file_id, preview(data, name))
        st.session_state[SEEN] = kept
    found: Preview = kept[1]
    return found


def _recognised(found: Preview, past: Sequence[PastImport]) -> None:
    st.header(say("What the file holds"), anchor=False)
    facts(
        [
            (say("Format"), found.format.title),
            (say("File"), found.name),
            (say("Size"), say("{size} bytes", size=number(len(found.data)))),
            (say("SHA-256"), found.sha256),
        ],
        key="recognised",
    )
    before = [item for item in past if item.sha256 == found.sha256]
    if before:
        notice(
            say("The same file was imported on {when}. Importing it again begins another assessment.",
                when=moment(before[0].imported_at)),
            tone="warn", key="again",
        )  # fmt: skip


def _reading(reading: Reading, position: int) -> None:
    st.subheader(reading.title, anchor=False)
    counts: list[tuple[str, Cell]] = [
        (words(name), number(count)) for name, count in reading.counts.items()
    ]
    facts(counts or [(say("Rows"), "0")], key=f"reading-{position}")
    if reading.risks:
        _risks(reading, position)


def _risks(reading: Reading, position: int) -> None:
    columns: Columns = [
        say("Risk"), Column(say("Severity"), is_number=True),
        Column(say("Likelihood"), is_number=True),
        Column(say("Severity after the measures"), is_number=True),
        Column(say("Likelihood after the measures"), is_number=True),
    ]  # fmt: skip
    levels = ("severity", "likelihood", "residual_severity", "residual_likelihood")
    rows: list[list[Cell]] = [
        [
            say(str(risk["title"])),
            *(number(risk[level]) if risk[level] else None for level in levels),
        ]
        for risk in reading.risks
    ]
    table(say("Risks that the file rates"), columns, rows, key=f"risks-{position}")


def show_losses(losses: Sequence[Loss], *, key: str) -> None:
    """What has no place, with its reason; the first lines of a long list."""
    columns: Columns = [say("Place in the file"), say("What"), say("Why, and what is kept")]
    rows: list[list[Cell]] = [[loss.where, loss.what, loss.why] for loss in losses[:SHOWN]]
    table(say("What has no place here"), columns, rows, key=f"{key}-losses")
    if len(losses) > SHOWN:
        notice(
            say("{count} more are in the loss report.", count=number(len(losses) - SHOWN)),
            key=f"{key}-more",
        )


def _losses(losses: Sequence[Loss], *, key: str) -> None:
    st.header(say("What has no place here"), anchor=False)
    if not losses:
        empty(say("Nothing is lost"), say("Everything in the file has a place."), key=f"{key}-none")
        return
    show_losses(losses, key=key)


def _import_form(found: Preview) -> None:
    st.header(say("Import"), anchor=False)
    projects = names_of("project")
    is_assessment = any(reading.template for reading in found.readings)
    with st.form("import", border=False):
        project = None
        if is_assessment:
            project = st.selectbox(
                say("Project"), list(projects), None, format_func=lambda i: projects[i],
                placeholder=say("Choose a project"),
            )  # fmt: skip
        sent = st.form_submit_button(say("Import"), type="primary")
    if not sent:
        return
    if is_assessment and project is None:
        st.error(say("Choose the project that the assessment belongs to."))
        return
    try:
        foreign.bring(state.home(), state.records(), identity.current_actor(), found, project or "")
    except WorkbenchError as error:
        error_box(error, key="refused")
        return
    st.session_state.pop(SEEN, None)
    with state.records().read() as connection:
        newest = list_imports(connection, sha256=found.sha256)[0]
    go("imported", id=newest.id)


def _earlier(past: Sequence[PastImport]) -> None:
    st.header(say("Earlier imports"), anchor=False)
    if not past:
        empty(
            say("Nothing has been imported yet"),
            say("Each import stays here with its original file and its loss report."),
            key="no-imports",
        )
        return
    people, projects = names_of("person"), names_of("project")
    titles = {format_.name: format_.title for format_ in readable()}
    columns: Columns = [
        say("Import"), say("Format"), say("Project"), Column(say("Lost"), is_number=True),
        say("By"), say("When"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            Link(item.title, "imported", {"id": item.id}),
            titles.get(item.format, item.format),
            projects.get(item.project_id, item.project_id) or say("All"),
            counted(len(item.losses), "thing", "things"),
            people.get(item.imported_by, item.imported_by),
            moment(item.imported_at),
        ]
        for item in past
    ]
    table(say("Earlier imports"), columns, rows, key="earlier")
