"""One import: what arrived, what had no place, the assessment, and a DPIA begun from it."""

from __future__ import annotations

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.exchange.cnil.carrying import Carried, list_carried
from assessments.exchange.cnil.fields import TEMPLATE
from assessments.exchange.formats import find_format
from assessments.exchange.past import PERMISSION, PastImport, erase_original, find_import
from assessments.exchange.report import loss_report
from assessments.records.permissions import check_permission, has_permission
from dashboard import foreign, identity, state
from dashboard.components import Cell, Link, empty, error_box, facts, go, page_head
from dashboard.pages.imports import show_losses
from dashboard.parameters import required
from dashboard.reading import names_of
from dashboard.text import counted, moment, number, say, words


def render() -> None:
    """The import in the address."""
    found = _find(required("id"))
    page_head(
        found.title,
        say("What arrived, and what had no place."),
        [Link(say("Imports"), "imports")],
    )
    _about(found)
    st.header(say("What arrived"), anchor=False)
    facts([(words(name), number(count)) for name, count in found.counts.items()], key="counts")
    st.header(say("What has no place here"), anchor=False)
    _losses(found)
    if found.assessment_id:
        _confirm(found.assessment_id)
    if found.format == TEMPLATE and found.assessment_id:
        _carry(found, found.assessment_id)
    if found.erased_at is None:
        _erase(found)


def _about(found: PastImport) -> None:
    people = names_of("person")
    about: list[tuple[str, Cell]] = [
        (say("Assessment"), _assessment(found)),
        (say("Format"), find_format(found.format).title),
        (
            say("File"),
            found.name
            if found.erased_at is None
            else say("{name}, erased on {when}", name=found.name, when=moment(found.erased_at)),
        ),
        (say("SHA-256"), found.sha256),
        (say("By"), people.get(found.imported_by, found.imported_by)),
        (say("When"), moment(found.imported_at)),
    ]
    facts(about, key="about")


def _find(import_id: str) -> PastImport:
    with state.records().read() as connection:
        found = find_import(connection, import_id)
        check_permission(connection, identity.current_actor(), "assessment.read", found.project_id)
    return found


def _assessment(found: PastImport) -> Cell:
    if found.assessment_id is None:
        return say("None; rows of registers")
    return Link(say("Open the assessment"), "assessment", {"assessment": found.assessment_id})


def _losses(found: PastImport) -> None:
    if not found.losses:
        empty(say("Nothing was lost"), say("Everything in the file has a place."), key="none")
        return
    show_losses(found.losses, key="import")
    text = loss_report(f"{found.name}: {found.title}", found.counts, found.losses)
    st.download_button(
        say("Download the loss report"), text + "\n", f"{found.id}-losses.txt", "text/plain"
    )


def _confirm(assessment_id: str) -> None:
    """One step for somebody who has read the document; each answer gets their name all the same."""
    loaded = questionnaire.load(state.records(), assessment_id)
    waiting = [name for name, answer in loaded.answers.items() if answer.needs_confirmation]
    if not waiting or not loaded.can_write(identity.current_person().id):
        return
    st.header(say("Stand behind the answers"), anchor=False)
    st.write(
        say(
            "{answers} wait for somebody who confirms them. Confirm all only when you have read the "
            "document: your name will stand beside each of them.",
            answers=counted(len(waiting), "answer", "answers"),
        )
    )
    if st.button(say("I have read it and confirm all")):
        try:
            questionnaire.confirm_prefill(
                state.records(), identity.current_actor(), assessment_id, *waiting
            )
        except WorkbenchError as error:
            error_box(error, key="unconfirmed")
            return
        st.rerun()


def _carry(found: PastImport, pia_id: str) -> None:
    st.header(say("Carry over to a DPIA"), anchor=False)
    actor = identity.current_actor()
    with state.records().read() as connection:
        begun = list_carried(connection, pia_id)
        can_begin = has_permission(connection, actor, "assessment.create", found.project_id)
    for position, carried in enumerate(begun):
        _begun(carried, position)
    if not can_begin:
        if not begun:
            st.write(say("An author can begin a DPIA from it."))
        return
    st.write(
        say(
            "Begins a DPIA of the same project with the answers that have a place in it. Each names "
            "the question that it came from, and waits until you confirm it."
        )
    )
    if st.button(say("Begin a DPIA from it"), type="secondary" if begun else "primary"):
        try:
            made = foreign.carry(state.home(), state.records(), actor, pia_id)
        except WorkbenchError as error:
            error_box(error, key="refused")
            return
        go("assessment", assessment=made.assessment)


def _begun(carried: Carried, position: int) -> None:
    link = Link(say("Open the DPIA"), "assessment", {"assessment": carried.assessment})
    facts(
        [
            (say("DPIA begun from it"), link),
            (say("Answers carried over"), number(carried.answers)),
            (say("Stayed behind"), counted(len(carried.losses), "thing", "things")),
        ],
        key=f"begun-{position}",
    )
    if carried.losses:
        show_losses(carried.losses, key=f"begun-{position}")


def _erase(found: PastImport) -> None:
    """For the officer and administrators: an original is kept no longer than it is needed."""
    actor = identity.current_actor()
    with state.records().read() as connection:
        if not has_permission(connection, actor, PERMISSION):
            return
    st.header(say("Erase the original file"), anchor=False)
    st.write(
        say(
            "Answers and loss report stay. An export then writes a new document instead of the file "
            "as it came. This cannot be undone."
        )
    )
    with st.form("erase", border=False):
        ground = st.text_input(say("Ground, as a short code such as art-17-1-a"))
        sent = st.form_submit_button(say("Erase the original file"))
    if sent:
        try:
            erase_original(state.records(), actor, found.id, ground.strip())
        except WorkbenchError as error:
            error_box(error, key="not-erased")
            return
        st.rerun()
