"""What an assessment rests on: every file, until when it is good, and what made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from assessments import evidence
from assessments.errors import WorkbenchError
from assessments.evidence import Rules, Use
from assessments.questionnaire import Assessment
from assessments.records.permissions import has_permission
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Link,
    announce,
    empty,
    error_box,
    notice,
    page_head,
    table,
)
from dashboard.components.files import download, expiry_cell, origin_text, size_text
from dashboard.reading import find_readable
from dashboard.text import counted, say

SOON_DAYS = 60


def render() -> None:
    """What has ended and what ends soon, the files, and what can be done with them."""
    found = find_readable()
    page_head(
        say("Evidence"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    with state.records().read() as connection:
        uses = evidence.list_uses(connection, found.id)
    if not uses:
        empty(
            say("No answer rests on a file yet"),
            say("Files are added where a question asks for evidence."),
            Link(say("Go to the assessment"), "assessment", {"assessment": found.id}),
        )
        return
    _ends(uses)
    _files(found, uses)
    _downloads(uses)
    if _may(found, "evidence.add"):
        _expiry(found, uses)
    if _may(found, "evidence.remove"):
        _removal(found, uses)


def _ends(uses: list[Use]) -> None:
    today = date.today()
    dated = {use.sha256: use.expires_on for use in uses if use.expires_on is not None}
    over = sum(day < today for day in dated.values())
    soon = sum(0 <= (day - today).days <= SOON_DAYS for day in dated.values())
    if over:
        notice(say("Renew it, or release stays closed once the assessment is approved."), tone="bad",
               title=counted(over, "file has expired", "files have expired"), key="over")  # fmt: skip
    if soon:
        notice(say("Within {days} days.", days=SOON_DAYS), tone="warn",
               title=counted(soon, "file expires soon", "files expire soon"), key="soon")  # fmt: skip


def _files(found: Assessment, uses: list[Use]) -> None:
    columns = [say("File"), say("Question"), say("Size"), say("Good until"), say("Made by"),
               say("Checked for malware"), say("SHA-256")]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            use.name,
            _question(found, use),
            size_text(use.size),
            expiry_cell(use.expires_on),
            origin_text(use.origin) if use.origin else None,
            use.scanned_by or say("Not checked"),
            use.sha256[:16],
        ]
        for use in uses
    ]
    table(say("Files"), columns, rows, key="files")
    if not Rules.configured().scanner:
        st.caption(say("Files are not checked for malware in this installation."))


def _question(found: Assessment, use: Use) -> Cell:
    question = found.template.by_id.get(use.question_id)
    if question is None:
        return use.question_id
    return Link(question.title, "question", {"assessment": found.id, "q": use.question_id})


def _downloads(uses: list[Use]) -> None:
    st.header(say("Download"), anchor=False)
    with st.container(horizontal=True):
        for use in {use.sha256: use for use in uses}.values():
            download(use.sha256, use.name)


def _may(found: Assessment, permission: str) -> bool:
    with state.records().read() as connection:
        return has_permission(connection, identity.current_actor(), permission, found.project_id)


def _expiry(found: Assessment, uses: list[Use]) -> None:
    st.header(say("Until when a file is good"), anchor=False)
    with st.form("expiry", border=False):
        digest = st.selectbox(
            say("File"), _choices(uses), format_func=_named(uses), key="expiry-of"
        )
        until = st.date_input(
            say("Last good day; leave it empty where there is none"), None, format="YYYY-MM-DD"
        )
        sent = st.form_submit_button(say("Save the day"))
    if sent and digest:
        _attempt(found, digest, until if isinstance(until, date) else None)


def _attempt(found: Assessment, digest: str, until: date | None) -> None:
    try:
        evidence.set_expiry(
            state.records(), identity.current_actor(), digest, until, found.project_id
        )
    except WorkbenchError as error:
        error_box(error, key="expiry-error")
        return
    announce(say("Saved."))
    st.rerun()


def _removal(found: Assessment, uses: list[Use]) -> None:
    left = [use for use in uses if not use.is_removed]
    if not left:
        return
    with st.expander(say("Remove a file from the store")):
        st.write(
            say(
                "Nobody can use it for an answer any more. Its bytes are deleted, unless a decided "
                "assessment names it: then they stay as long as that record does."
            )
        )
        with st.form("removal", border=False):
            digest = st.selectbox(
                say("File"), _choices(left), None, format_func=_named(left), key="removal-of",
                placeholder=say("Choose"),
            )  # fmt: skip
            sent = st.form_submit_button(say("Remove this file"))
        if sent and digest:
            _remove(found, digest)


def _remove(found: Assessment, digest: str) -> None:
    try:
        evidence.remove(
            state.records(), state.home(), identity.current_actor(), digest, found.project_id
        )
    except WorkbenchError as error:
        error_box(error, key="removal-error")
        return
    announce(say("Removed."))
    st.rerun()


def _choices(uses: list[Use]) -> list[str]:
    return list(dict.fromkeys(use.sha256 for use in uses))


def _named(uses: list[Use]) -> Callable[[str], str]:
    names = {use.sha256: use.name for use in uses}
    return lambda digest: f"{names[digest]} ({digest[:12]})"
