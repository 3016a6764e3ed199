"""Findings of an assessment: each with its law, its cell and its state, and setting one aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from assessments import questionnaire
from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment, FindingState, Judged, Severity
from assessments.review.acceptance import (
    accept_deviation,
    can_accept,
    propose_deviation,
    withdraw_deviation,
)
from assessments.review.lifecycle import WAITS_FOR
from dashboard import identity, state
from dashboard.components.boxes import error_box, status_line
from dashboard.components.markup import Cell, Link, Tag
from dashboard.components.tables import paged
from dashboard.reading import naming
from dashboard.text import moment, say

PAGE = 12
_PROBLEM = "findings.problem"
SEVERITIES = {
    Severity.BLOCKING: Tag("Stops sending", "bad"),
    Severity.APPROVAL: Tag("Stops approval without conditions", "warn"),
    Severity.WARNING: Tag("To consider", "info"),
}
STATES = {
    FindingState.OPEN: Tag("Open", "warn"),
    FindingState.PROPOSED: Tag("Deviation proposed", "info"),
    FindingState.LAPSED: Tag("Lapsed, answers changed since", "warn"),
    FindingState.SET_ASIDE: Tag("Set aside", "good"),
}


def findings(found: Assessment) -> None:
    """The table, then the forms that this person may use."""
    judged = questionnaire.judge(found.template, found.answers, found.deviations)
    if not judged:
        return
    st.header(say("Findings"), anchor=False)
    paged(
        say("Rules that the answers break"),
        [say("Finding"), say("Law"), say("State"), say("Reason of the deviation")],
        len(judged),
        lambda size, start: [_row(found, item) for item in judged[start : start + size]],
        key="findings",
        size=PAGE,
    )
    _forms(found, judged)
    status_line("", key="findings-status")
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        error_box(problem, key="findings-problem")


def _row(found: Assessment, item: Judged) -> list[Cell]:
    finding, said = item.finding, item.deviation
    link = Link(finding.text, "question", {"assessment": found.id, "q": finding.question})
    severity = SEVERITIES[finding.severity]
    return [
        link,
        finding.source,
        [Tag(say(severity.text), severity.tone), _standing(item)],
        None if said is None else _because(item),
    ]


def _standing(item: Judged) -> Tag:
    if item.finding.is_pending and item.state is FindingState.OPEN:
        return Tag(say("Cannot be decided yet"))
    tag = STATES[item.state]
    return Tag(say(tag.text), tag.tone)


def _because(item: Judged) -> list[str | Link | Tag]:
    said, name = item.deviation, naming()
    if said is None:
        return []
    parts: list[str | Link | Tag] = [said.reason]
    parts.append(
        say("Proposed by {who}, {when}", who=name("person", said.proposed_by), when=moment(said.proposed_at))
    )  # fmt: skip
    if said.accepted_by and said.accepted_at:
        parts.append(
            say("Accepted by {who}, {when}", who=name("person", said.accepted_by), when=moment(said.accepted_at))
        )  # fmt: skip
    return parts


def _forms(found: Assessment, judged: Sequence[Judged]) -> None:
    person = identity.current_person()
    if found.can_write(person.id):
        _propose(found, [i for i in judged if i.state in {FindingState.OPEN, FindingState.LAPSED}])
    if found.state not in WAITS_FOR:
        return
    proposed = [item for item in judged if item.state is FindingState.PROPOSED]
    with state.records().read() as connection:
        is_free = can_accept(connection, found.id, person)
    if proposed and is_free:
        _choose(found, proposed, say("Accept a deviation"), say("Accept"), _accept)
    own = [item for item in judged if item.deviation and item.state is not FindingState.LAPSED
           and person.id in {item.deviation.proposed_by, item.deviation.accepted_by}
           and (found.can_write(person.id) or person.id == item.deviation.accepted_by)]  # fmt: skip
    if own:
        _choose(found, own, say("Take a deviation back"), say("Take back"), _withdraw)


def _propose(found: Assessment, open_ones: Sequence[Judged]) -> None:
    if not open_ones:
        return
    with st.expander(say("Set a finding aside")):
        st.write(
            say(
                "A warning is set aside by you alone. What stops sending or approval counts as set "
                "aside when a reviewer or the data protection officer accepts it; it lapses when "
                "the answers that it rests on change."
            )
        )
        with st.form(f"deviate:{found.id}", border=False, clear_on_submit=True):
            key = _select(open_ones, say("Finding"), "deviate")
            reason = st.text_area(say("Why it may stand"), height=100)
            if st.form_submit_button(say("Propose deviation")) and key:
                _act(lambda: propose_deviation(
                    state.records(), identity.current_actor(), found.id, key, reason))  # fmt: skip


def _choose(
    found: Assessment,
    items: Sequence[Judged],
    title: str,
    words: str,
    act: Callable[[Assessment, Judged], object],
) -> None:
    with (
        st.expander(title),
        st.form(f"{act.__name__}:{found.id}", border=False, clear_on_submit=True),
    ):
        key = _select(items, say("Finding"), act.__name__)
        if st.form_submit_button(words) and key:
            chosen = questionnaire.find_judged(items, key)
            _act(lambda: act(found, chosen))


def _select(items: Sequence[Judged], label: str, key: str) -> str | None:
    texts = {item.finding.key: item.finding.text for item in items}
    return st.selectbox(
        label, list(texts), None, format_func=lambda i: texts[i], key=f"finding:{key}",
        placeholder=say("Choose a finding"),
    )  # fmt: skip


def _accept(found: Assessment, item: Judged) -> object:
    return accept_deviation(state.records(), identity.current_actor(), found.id, item.finding.key)


def _withdraw(found: Assessment, item: Judged) -> None:
    if item.deviation is not None:
        withdraw_deviation(state.records(), identity.current_actor(), found.id, item.deviation.id)


def _act(act: Callable[[], object]) -> None:
    """Do it and draw anew; what goes wrong is shown below the forms."""
    try:
        act()
    except WorkbenchError as error:
        st.session_state[_PROBLEM] = error
    st.rerun()
