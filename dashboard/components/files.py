"""Files as an answer: upload several, use one that is there already, take one out and put it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from assessments import evidence
from assessments.errors import WorkbenchError
from assessments.evidence import Rules, Use
from assessments.evidence.media import EXTENSIONS
from assessments.questionnaire import Assessment, Question
from dashboard import identity, state
from dashboard.components.boxes import error_box
from dashboard.components.listing import Fact, facts
from dashboard.components.markup import Cell, Tag
from dashboard.text import day, number, say

Save = Callable[[list[str]], None]
_ROUND = "files.round"
_PROBLEMS = "files.problems"
_TAKEN = "files.taken"


def files_editor(
    found: Assessment, question: Question, digests: list[str], *, save: Save, disabled: bool = False
) -> None:
    """What the answer rests on, and how to change it; ``save`` gets all digests."""
    with state.records().read() as connection:
        uses = {use.sha256: use for use in evidence.list_uses(connection, found.id)}
        known = evidence.described(connection, digests)
    for digest in digests:
        with st.container(key=f"file-{digest[:12]}"):
            _file(found, digest, uses.get(digest), known.get(digest, {}))
            if not disabled:
                _take_out(found, question, digest, digests, save)
    if disabled:
        return
    _put_back(found, question, digests, save)
    upload_field(found, question.title, digests, save)
    _reuse(found, question, digests, save)
    show_problems()


def leave_problems(problems: list[WorkbenchError]) -> None:
    """Why files were refused, for the run that draws the page anew."""
    st.session_state[_PROBLEMS] = problems


def show_problems() -> None:
    """Each refused file with its reason."""
    for n, error in enumerate(st.session_state.pop(_PROBLEMS, [])):
        error_box(error, key=f"file-problem-{n}")


def _file(found: Assessment, digest: str, use: Use | None, known: Mapping[str, Any]) -> None:
    lines: list[Fact] = [
        (say("File"), str(known.get("name", digest[:12]))),
        (say("Size"), size_text(int(known.get("size", 0)))),
        (say("SHA-256"), digest),
        (say("Good until"), expiry_cell(use.expires_on if use else None)),
    ]
    if use is not None and use.origin:
        lines.append((say("Made by"), origin_text(use.origin)))
    facts(lines, key=f"facts-{digest[:12]}")
    if use is not None:
        download(digest, str(known.get("name")))


def download(digest: str, name: str, *, key: str = "download") -> None:
    """Read at the click and only for somebody who may read it then; always as an attachment."""
    st.download_button(
        say("Download {name}", name=name),
        data=lambda: evidence.read(
            state.records(), state.home(), identity.current_actor(), digest
        )[1],
        file_name=name,
        mime="application/octet-stream",
        key=f"{key}-{digest}",
        on_click="ignore",
    )  # fmt: skip


def upload_field(
    found: Assessment, label: str, digests: list[str], save: Save, *, show_label: bool = False
) -> None:
    """Files are kept as they come in; those that are refused say why, the others stay."""
    rules = Rules.configured()
    key = f"upload:{found.id}:{st.session_state.get(_ROUND, 0)}"
    st.file_uploader(
        label,
        type=[extension.removeprefix(".") for extension in EXTENSIONS],
        accept_multiple_files=True,
        key=key,
        label_visibility="visible" if show_label else "collapsed",
        max_upload_size=max(1, rules.max_bytes // (1024 * 1024)),
        on_change=lambda: _keep(found, key, digests, save),
    )
    if not rules.scanner:
        st.caption(say("Files are not checked for malware in this installation."))


def _keep(found: Assessment, key: str, digests: list[str], save: Save) -> None:
    added, problems = keep_files(found, st.session_state.get(key) or [])
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    leave_problems(problems)
    if added:
        save(list(dict.fromkeys([*digests, *added])))


def keep_files(found: Assessment, uploaded: list[Any]) -> tuple[list[str], list[WorkbenchError]]:
    """Digests of the files that were kept, and why the others were not."""
    added, problems = [], []
    for file in uploaded:
        try:
            kept = evidence.add(
                state.records(), state.home(), identity.current_actor(), file.name, file,
                scope=found.project_id,
            )  # fmt: skip
            added.append(kept.sha256)
        except WorkbenchError as error:
            error.where = {"file": file.name}
            problems.append(error)
    return added, problems


def _take_out(
    found: Assessment, question: Question, digest: str, digests: list[str], save: Save
) -> None:
    def act() -> None:
        st.session_state[_TAKEN] = (found.id, question.id, digest)
        save([each for each in digests if each != digest])

    st.button(say("Take this file out"), key=f"out-{digest}", type="tertiary", on_click=act)


def _put_back(found: Assessment, question: Question, digests: list[str], save: Save) -> None:
    taken = st.session_state.get(_TAKEN)
    if taken is None or taken[:2] != (found.id, question.id) or taken[2] in digests:
        return

    def act() -> None:
        save([*digests, taken[2]])
        st.session_state.pop(_TAKEN, None)

    st.button(say("Put the file back that you took out"), key="put-back", on_click=act)


def _reuse(found: Assessment, question: Question, digests: list[str], save: Save) -> None:
    choices = {k: v for k, v in reusable().items() if k not in digests}
    if not choices:
        return
    key = f"reuse:{found.id}:{question.id}:{found.versions.get(question.id, 0)}"
    st.selectbox(
        say("Or use a file that is there already"), list(choices), None, key=key,
        format_func=lambda digest: f"{choices[digest]} ({digest[:12]})", placeholder=say("Choose"),
        on_change=lambda: save([*digests, st.session_state[key]]),
    )  # fmt: skip


def reusable() -> dict[str, str]:
    """Digest and name of every file that this person may use."""
    with state.records().read() as connection:
        return evidence.list_reusable(connection, identity.current_actor())


def size_text(size: int) -> str:
    """``12 kB`` or ``1.4 MB``, in thousands."""
    if size < 1_000_000:
        return f"{number(max(size / 1_000, 0.1), 1)}\u00a0kB"
    return f"{number(size / 1_000_000, 1)}\u00a0MB"


def expiry_cell(expires_on: date | None) -> Cell:
    """The last good day, and whether it is over."""
    if expires_on is None:
        return say("No end given")
    if expires_on < date.today():
        return [Tag(say("Expired"), "bad"), day(expires_on)]
    return day(expires_on)


def origin_text(origin: Mapping[str, Any]) -> str:
    """Which code and which data made a result, by the start of their digests."""
    parts = [str(origin["made_by"])]
    if not origin.get("is_executed", True):
        parts.append(say("not every cell was run"))
    for word, key in ((say("code"), "code"), (say("data"), "data")):
        if origin.get(key):
            parts.append(f"{word} {', '.join(digest[:12] for digest in origin[key])}")
    return "; ".join(parts)
