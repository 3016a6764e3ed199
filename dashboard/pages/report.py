"""The report of a decided assessment: signatures per role, verification, and the pack to download."""

from __future__ import annotations

import streamlit as st

from assessments.errors import NotFound, WorkbenchError
from assessments.questionnaire import Assessment
from assessments.records.permissions import check_permission, has_permission
from assessments.reports import release
from assessments.reports.state import PACKED, RELEASED, ReportState, find_report, signer_ids
from assessments.review.lifecycle import DECIDED
from assessments.signing.verify import verify
from assessments.views import forms_for
from dashboard import identity, office, state
from dashboard.components import (
    Cell,
    Item,
    Link,
    Tag,
    announce,
    error_box,
    facts,
    link_list,
    notice,
    page_head,
    table,
    tags,
)
from dashboard.components.markup import Tone
from dashboard.pages.assessments import state_tag
from dashboard.pages.publication import for_publication
from dashboard.reading import find_readable, names_of
from dashboard.text import say

ROLE_NAMES = {"author": "Author", "dpo": "Data protection officer", "approver": "Approver"}
TONES: dict[str, Tone] = {"VALID": "good", "INVALID": "bad", "INCOMPLETE": "warn"}


def render() -> None:
    """State, signatures, what this person can do, verification, files."""
    found = find_readable()
    page_head(
        say("Report"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    tags([state_tag(found.state)])
    if found.state not in DECIDED:
        notice(say("The report is made when the assessment has been decided."), key="undecided")
        _views(found)
        return
    current = _current(found)
    if current is None:
        _render_button(found)
        return
    _signatures(current)
    _act(found, current)
    _verification(current)
    _files(found, current)
    for_publication(found, current)
    _views(found)


def _views(found: Assessment) -> None:
    """The same answers for authorities that want another layout; working copies, never signed."""
    forms = forms_for(found.template.id)
    if forms:
        links = [
            Item("", Link(form.title, "view", {"assessment": found.id, "as": form.id}))
            for form in forms
        ]
        link_list([(say("Laid out for an authority or a standard"), links)], key="views")


def _current(found: Assessment) -> ReportState | None:
    try:
        with state.records().read() as connection:
            return find_report(connection, state.home(), found.id)
    except NotFound:
        return None


def _render_button(found: Assessment) -> None:
    if not _can_release(found):
        notice(say("The report has not been made yet. The privacy office or the approver makes it."),
               key="unmade")  # fmt: skip
        return
    st.write(say("The record is frozen. The report is typeset from it, ready to be signed."))
    if st.button(say("Make the report"), type="primary") and _attempt(
        lambda: release.render(
            state.records(),
            state.home(),
            office.open_log(state.home()),
            identity.current_actor(),
            found.id,
        )
    ):
        st.rerun()


def _signatures(current: ReportState) -> None:
    st.header(say("Signatures"), anchor=False)
    done = Tag(say("Signed"), "good")
    rows: list[list[Cell]] = [
        [
            say(ROLE_NAMES[role]),
            done if role in current.signed else Tag(say("Waiting")),
            Tag(say("Countersigned"), "good")
            if role in current.countersigned
            else Tag(say("Waiting")),
        ]
        for role in current.roles
    ]
    table(
        say("Signatures by role"), [say("Role"), say("Report"), say("Pack")], rows, key="signatures"
    )
    facts(
        [
            (say("Revision"), str(current.revision), None),
            (say("SHA-256 of the report now"), current.file_sha256, None),
            (say("SHA-256 before any signature"), current.base_sha256, None),
        ],
        key="digests",
    )


def _act(found: Assessment, current: ReportState) -> None:
    if current.state == PACKED:
        return
    if current.next_role is None and current.state != RELEASED:
        if not _can_release(found):
            notice(say("All have signed. The privacy office or the approver releases it."),
                   key="unreleased")  # fmt: skip
            return
        st.write(say("All have signed. Release enters the report in the ledger."))
        with_evidence = st.checkbox(say("Put the files of evidence into the pack"))
        if st.button(say("Release the report"), type="primary") and _attempt(
            lambda: release.release(
                state.records(), state.home(), office.open_authority(state.home()),
                office.open_log(state.home()), identity.current_actor(), found.id,
                with_evidence=with_evidence,
            )
        ):  # fmt: skip
            st.rerun()
        return
    waiting = _waiting_for(found, current)
    if identity.current_person().id not in waiting.values():
        notice(_whom(waiting), key="waiting")
        return
    verb = say("Countersign the pack") if current.state == RELEASED else say("Sign the report")
    st.header(verb, anchor=False)
    st.write(
        say(
            "You sign revision {revision} with SHA-256 {digest}. Type the passphrase of your key; "
            "it is not stored.",
            revision=current.revision,
            digest=current.file_sha256[:16],
        )
    )
    if not office.has_signing_keys(state.home(), identity.current_person().id):
        st.write(
            say(
                "You have no key yet. One is made for you now: choose a passphrase and remember it."
            )
        )
    with st.form("sign", border=False, clear_on_submit=True):
        secret = st.text_input(say("Passphrase of your key"), type="password")
        sent = st.form_submit_button(verb, type="primary")
    if sent and _attempt(lambda: _sign(found, current, secret)):
        announce(say("Signed."))
        st.rerun()


def _can_release(found: Assessment) -> bool:
    with state.records().read() as connection:
        return has_permission(
            connection, identity.current_actor(), "report.release", found.project_id
        )


def _waiting_for(found: Assessment, current: ReportState) -> dict[str, str]:
    """Role and person of every signature that can be given now: one at a time, then all at once."""
    with state.records().read() as connection:
        signers = signer_ids(connection, found.id)
    if current.state == RELEASED:
        open_roles = [role for role in current.roles if role not in current.countersigned]
    else:
        open_roles = [current.next_role] if current.next_role else []
    return {role: str(signers[role]) for role in open_roles}


def _whom(waiting: dict[str, str]) -> str:
    people = names_of("person")
    named = [f"{people.get(who, who)} ({say(ROLE_NAMES[role])})" for role, who in waiting.items()]
    return say("Waiting for the signature of {whom}.", whom=", ".join(named))


def _sign(found: Assessment, current: ReportState, secret: str) -> None:
    authority = office.open_authority(state.home())
    office.certify(authority, identity.current_person(), secret)
    act = release.countersign if current.state == RELEASED else release.sign
    act(state.records(), state.home(), authority, identity.current_actor(), found.id, secret)


def _attempt(act: object) -> bool:
    try:
        act()  # type: ignore[operator]
    except WorkbenchError as error:
        error_box(error, key="report-error")
        return False
    return True


def _verification(current: ReportState) -> None:
    st.header(say("Verification"), anchor=False)
    st.write(
        say(
            "Checked here as an outsider would check it offline. "
            "Anybody can repeat it with the commands in VERIFY.txt."
        )
    )
    path = current.pack_path if current.state == PACKED else current.report_path
    if not st.button(say("Verify now"), key="verify"):
        return
    with st.spinner(say("Checking every signature, digest and proof")):
        found = verify(path, trust_root=office.authority_folder(state.home()) / "root.crt")
    tags([Tag(found.verdict, TONES[found.verdict])], key="verdict")
    checks: list[list[Cell]] = [
        [check.name, Tag(check.verdict, TONES[check.verdict]), check.detail]
        for check in found.checks
    ]
    table(say("Checks"), [say("Check"), say("Verdict"), say("Detail")], checks, key="checks")


def _files(found: Assessment, current: ReportState) -> None:
    st.header(say("Files"), anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            say("Download the report (PDF)"),
            data=lambda: _read(found, current, is_pack=False),
            file_name=f"{current.assessment_id}-r{current.revision}-{current.file_sha256[:12]}.pdf",
            mime="application/pdf",
        )
        if current.state == PACKED:
            st.download_button(
                say("Download the pack (ZIP)"),
                data=lambda: _read(found, current, is_pack=True),
                file_name=current.pack_path.name,
                mime="application/zip",
            )


def _read(found: Assessment, current: ReportState, *, is_pack: bool) -> bytes:
    """Read at the click, and only for somebody who may read the assessment then."""
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "assessment.read", found.project_id)
    return (current.pack_path if is_pack else current.report_path).read_bytes()
