"""Prior consultation of the authority: what it got, when its advice is due, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from assessments.errors import WorkbenchError
from assessments.questionnaire import Assessment
from assessments.records.permissions import has_permission
from assessments.review.consultation import (
    Consultation,
    answer_request,
    close_consultation,
    consult,
    extend,
    list_consultations,
    suspend,
    things_to_send,
)
from assessments.review.lifecycle import State
from assessments.review.parts import can_play
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Item,
    Link,
    Tag,
    announce,
    empty,
    error_box,
    facts,
    go,
    link_list,
    notice,
    page_head,
)
from dashboard.reading import find_readable
from dashboard.text import counted, day, say


def render() -> None:
    """Each consultation with its clock, then what this person can record."""
    found = find_readable()
    page_head(
        say("Prior consultation"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
            Link(say("Decision"), "decision", {"assessment": found.id}),
        ],
    )
    with state.records().read() as connection:
        past = list_consultations(connection, found.id)
        person = identity.current_person()
        may_decide = "approver" in person.roles and can_play(
            connection, found.id, person.id, "approver"
        )
        may_keep = has_permission(
            connection, identity.current_actor(), "consultation.keep", found.project_id
        )
    for item in past:
        show_clock(item)
    if found.state == State.DECISION_PENDING and may_decide:
        _request_form(found)
    elif found.state == State.PRIOR_CONSULTATION and may_keep:
        _keep_form(found, past[-1], may_decide=may_decide)
    elif not past:
        empty(
            say("The authority was not consulted"),
            say("Where a high risk remains, the approver asks it before deciding (GDPR Art. 36)."),
        )


def show_consultations(found: Assessment) -> None:
    """Every consultation about an assessment, and the way to what can be recorded now."""
    with state.records().read() as connection:
        past = list_consultations(connection, found.id)
    for item in past:
        show_clock(item)
    if found.state == State.PRIOR_CONSULTATION:
        link = Link(say("Record what the authority did"), "consultation", {"assessment": found.id})
        link_list([("", [Item("", link)])], key="keep")


def show_clock(item: Consultation) -> None:
    """One consultation in facts; the clock says when its advice is due."""
    today = date.today()
    clock = item.clock(today)
    st.header(say("Consultation {number}: {authority}", number=item.number, authority=item.authority), anchor=False)  # fmt: skip
    rows: list[tuple[str, Cell]] = [(say("Received"), day(item.received_on))]
    rows += [(say("Reference"), item.reference)] if item.reference else []
    rows.append((say("Advice due"), [day(clock.due_on), _state(item, today)]))
    if item.extended_on:
        extended = say("{day}: {reason}", day=day(item.extended_on), reason=item.extension_reason)
        rows.append((say("Extended by six weeks"), extended))
    for pause in item.pauses:
        until = day(pause.ended_on) if pause.ended_on else say("now")
        stood = say("{first} to {last}: {wanted}", first=day(pause.began_on), last=until, wanted=pause.wanted)  # fmt: skip
        rows.append((say("Clock stood still"), stood))
    if item.closed_on:
        answer = item.answer or say("No answer came in time.")
        rows.append((say("Closed on {day}", day=day(item.closed_on)), answer))
    titles = {entry["id"]: say(entry["title"]) for entry in things_to_send()}
    rows.append((say("Sent"), "; ".join(titles.get(name, name) for name in item.sent)))
    facts(rows, key=f"consultation-{item.number}")


def _state(item: Consultation, today: date) -> Tag:
    clock = item.clock(today)
    if item.closed_on:
        return Tag(say("Answered"), "good") if item.answer else Tag(say("No answer"), "info")
    if clock.is_suspended:
        return Tag(say("Stands still"), "info")
    if clock.is_over(today):
        return Tag(say("Over"), "warn")
    left = (clock.due_on - today).days
    return Tag(counted(left, "day left", "days left"), "info")


def _request_form(found: Assessment) -> None:
    st.header(say("Consult the authority"), anchor=False)
    notice(
        say("The decision waits for the authority: eight weeks, and up to six more."), key="waits"
    )
    with st.form("request", border=False):
        authority = st.text_input(say("Authority"))
        reference = st.text_input(say("Its reference, if it gave one"))
        received = st.date_input(say("It got the request on"), date.today(), format="YYYY-MM-DD")
        st.subheader(say("What it got (Article 36(3))"), anchor=False)
        sent = [
            entry["id"]
            for entry in things_to_send()
            if st.checkbox(_sent_label(entry["title"], entry["needed"]), key=f"sent-{entry['id']}")
        ]
        done = st.form_submit_button(say("Record the request"), type="primary")
    if done:
        on = _one(received)
        _act(found, lambda: consult(
            state.records(), identity.current_actor(), found.id, authority, on, sent,
            reference=reference))  # fmt: skip


def _sent_label(title: str, needed: str) -> str:
    if needed == "always":
        return say(title)
    return say("{what} (where it applies)", what=say(title))


def _keep_form(found: Assessment, running: Consultation, *, may_decide: bool) -> None:
    st.header(say("What the authority did"), anchor=False)
    waits = any(pause.ended_on is None for pause in running.pauses)
    choices: dict[str, str] = {}
    if waits:
        choices["supplied"] = say("It has what it asked for; the clock goes on")
    else:
        choices["asked"] = say("It asks for information; the clock stands still")
    if running.extended_on is None:
        choices["extended"] = say("It takes six weeks more")
    if may_decide:
        choices["answered"] = say("It answered")
        choices["silent"] = say("The period passed without an answer")
    what = st.radio(say("What happened"), list(choices), None, format_func=lambda c: choices[c])
    if what is None:
        return
    with st.form("keep", border=False):
        on = _one(st.date_input(say("On"), date.today(), format="YYYY-MM-DD"))
        text = ""
        if what in {"asked", "extended", "answered"}:
            label = {
                "asked": say("What it wants to know"),
                "extended": say("Its reason"),
                "answered": say("Its answer"),
            }[what]
            text = st.text_area(label, height=120)
        done = st.form_submit_button(say("Record it"), type="primary")
    if done:
        _act(found, lambda: _record(found, what, on, text))


def _record(found: Assessment, what: str, on: date, text: str) -> None:
    records, actor = state.records(), identity.current_actor()
    if what == "asked":
        suspend(records, actor, found.id, on, text)
    elif what == "supplied":
        answer_request(records, actor, found.id, on)
    elif what == "extended":
        extend(records, actor, found.id, on, text)
    else:
        close_consultation(records, actor, found.id, on, text)


def _one(chosen: object) -> date:
    return chosen if isinstance(chosen, date) else date.today()


def _act(found: Assessment, act: Callable[[], object]) -> None:
    try:
        act()
    except WorkbenchError as error:
        error_box(error, key="consultation-error")
        return
    announce(say("Recorded."))
    go("consultation", assessment=found.id)
