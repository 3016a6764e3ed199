"""A part of the report page: whether a release still stands, and its redacted edition."""

from __future__ import annotations

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.language import sentence
from assessments.questionnaire import Assessment
from assessments.records.permissions import check_permission, has_permission
from assessments.reports.edition import Edition, publish
from assessments.reports.state import PACKED, ReportState
from assessments.reports.status import CURRENT, list_releases
from dashboard import identity, state
from dashboard.components import Tag, announce, error_box, notice, tags
from dashboard.text import counted, say, words

GROUPS = {
    "people": sentence("Names of people"),
    "notes": sentence("Notes and the officer's advice"),
    "risks": sentence("Texts of risks"),
    "measures": sentence("Titles of measures"),
    "sources": sentence("Names and digests of sources"),
}
"""What an edition hides as a group; the rest of its words are for the command line."""


def for_publication(found: Assessment, current: ReportState) -> None:
    """Nothing before the pack is finished, and no button for whoever may not release."""
    if current.state != PACKED:
        return
    st.header(say("For publication"), anchor=False)
    standing = _standing(current)
    shown = words(standing)
    tags([Tag(shown, "good") if standing == CURRENT else Tag(shown, "warn")], key="standing")
    if not _may_release(found):
        return
    st.write(
        say(
            "A redacted edition hides parts of the signed record and proves that the rest is what "
            "was signed. Hidden parts cannot be guessed from it; what it shows is public for good."
        )
    )
    with st.form("redact", border=False):
        chosen = frozenset(name for name, text in GROUPS.items() if st.checkbox(say(text)))
        sent = st.form_submit_button(say("Make the redacted edition"))
    if sent:
        _make(found, current, chosen)


def _standing(current: ReportState) -> str:
    with state.records().read() as connection:
        releases = list_releases(connection)
    of_this = (current.assessment_id, current.revision)
    return next(
        (str(r["state"]) for r in releases if (r["assessment"], r["revision"]) == of_this), CURRENT
    )


def _may_release(found: Assessment) -> bool:
    with state.records().read() as connection:
        return has_permission(
            connection, identity.current_actor(), "report.release", found.project_id
        )


def _make(found: Assessment, current: ReportState, chosen: frozenset[str]) -> None:
    if not chosen:
        notice(say("Choose what the edition hides."), tone="warn", key="nothing-hidden")
        return
    target = current.folder / f"edition-{'-'.join(sorted(chosen))}.zip"
    try:
        made = publish(state.records(), state.home(), identity.current_actor(), found.id, chosen,
                       target)  # fmt: skip
    except WorkbenchError as error:
        error_box(error, key="edition-error")
        return
    hidden = counted(made.hidden, "part is hidden", "parts are hidden")
    announce(say("The edition is made."))
    notice(f"{hidden}. {say('Read it before you publish it.')}", tone="good", key="edition")
    st.download_button(
        say("Download the redacted edition (ZIP)"),
        data=lambda: _read(found, made),
        file_name=f"{current.assessment_id}-r{current.revision}-redacted-{made.sha256[:12]}.zip",
        mime="application/zip",
    )


def _read(found: Assessment, made: Edition) -> bytes:
    """Read at the click, and only for somebody who may release then."""
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "report.release", found.project_id)
    return made.path.read_bytes()
