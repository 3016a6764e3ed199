"""An assessment in another tool's format: what it keeps and loses is seen before it is downloaded."""

from __future__ import annotations

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.exchange.formats import find_format, writable
from assessments.exchange.loss import Exported
from assessments.exchange.send import export, subject_of
from dashboard import identity, state
from dashboard.components import Cell, Link, empty, error_box, page_head, table
from dashboard.parameters import one_of
from dashboard.reading import find_readable
from dashboard.text import say

SHOWN = 50


def render() -> None:
    """Choose a format, see what has no place in it, download; the download is in the ledger."""
    found = find_readable()
    page_head(
        say("Take it out"),
        say("Download the assessment for another tool or for colleagues. Each download is in the ledger."),
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )  # fmt: skip
    titles = {known.name: known.title for known in writable()}
    chosen = st.radio(
        say("Format"), list(titles), index=list(titles).index(one_of("format", list(titles))),
        format_func=lambda name: say(titles[name]), key="format", on_change=_chosen,
    )  # fmt: skip
    try:
        made = _preview(found.id, chosen)
    except WorkbenchError as error:
        error_box(error, key="unwritable")
        return
    _losses(made)
    records, actor = state.records(), identity.current_actor()
    st.download_button(
        say("Download {name}", name=made.name),
        lambda: export(records, actor, found.id, chosen).data, made.name, on_click="ignore",
        type="primary",
    )  # fmt: skip


def _chosen() -> None:
    st.query_params["format"] = st.session_state["format"]


def _preview(assessment_id: str, format_name: str) -> Exported:
    """What would be written; nothing leaves and nothing is entered in the ledger."""
    write = find_format(format_name).write
    assert write is not None
    with state.records().read() as connection:
        return write(subject_of(connection, assessment_id))


def _losses(made: Exported) -> None:
    st.header(say("What has no place in it"), anchor=False)
    if not made.losses:
        empty(say("Nothing is lost"), say("Everything has a place in this format."), key="none")
        return
    columns = [say("Part"), say("What"), say("Why")]
    rows: list[list[Cell]] = [[loss.where, loss.what, loss.why] for loss in made.losses[:SHOWN]]
    table(say("What has no place in it"), columns, rows, key="losses")
    if len(made.losses) > SHOWN:
        st.caption(
            say("{count} more are in the report of the command.", count=len(made.losses) - SHOWN)
        )
