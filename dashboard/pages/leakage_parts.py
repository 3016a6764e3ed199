"""Parts of the page of one measurement: people, checks, options, risks, limits, figures, steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from assessments.errors import BadInput, WorkbenchError
from assessments.leakage.measurement import Measurement
from assessments.leakage.register.keys import find_key
from assessments.leakage.register.reading import Registered, read_file
from assessments.records.permissions import check_permission, has_permission
from assessments.risk import list_risks
from assessments.risk.catalogue import find_control
from assessments.risk.coarsening import Coarsening, choose_coarsening
from assessments.risk.recommendations import recommend_for
from dashboard import identity, measurements, state
from dashboard.charts_leakage import percent
from dashboard.components import (
    Cell,
    Column,
    Item,
    Link,
    announce,
    empty,
    error_box,
    go,
    link_list,
    notice,
    table,
)
from dashboard.components.markup import node, show
from dashboard.leakage_words import check_words
from dashboard.reading import naming
from dashboard.text import day, language, moment, number, say

ACCESS = ("reidentification", "linkage", "synthetic", "text")


def registered_words(row: Registered) -> Cell:
    """Who kept it, who lets it count, and why it was withdrawn."""
    name = naming()
    lines = [say("By {who}, {when}", who=name("person", row.registered_by), when=moment(row.registered_at))]  # fmt: skip
    if row.accepted_by and row.accepted_at:
        lines.append(say("Accepted by {who}, {when}", who=name("person", row.accepted_by), when=moment(row.accepted_at)))  # fmt: skip
    if row.withdrawn_by and row.withdrawn_at:
        lines.append(say("Withdrawn by {who}, {when}: {reason}", who=name("person", row.withdrawn_by), when=moment(row.withdrawn_at), reason=row.withdrawn_reason or ""))  # fmt: skip
    return lines if len(lines) > 1 else lines[0]


def signature_words(row: Registered) -> str:
    """Which key signed, whether it is trusted still, or that nobody signed."""
    if row.key_id is None:
        return say("Unsigned")
    with state.records().read() as connection:
        key = find_key(connection, row.key_id)
    said = say("Signed by CI key {name} ({id})", name=key.name, id=key.id[:12])
    if key.revoked_at is None:
        return said
    return f"{said}; {say('that key was revoked on {when}', when=day(key.revoked_at.date()))}"


def most_exposed(found: Measurement) -> None:
    """Members by pseudonymous id, for those who may see people."""
    rows = found.tables.get("most_exposed", ())
    if not rows:
        return
    st.header(say("Most exposed"), anchor=False)
    st.write(say("Pseudonyms from the signals file; whoever holds its key can look the people up. Shown to the project's team and the privacy office only."))  # fmt: skip
    table(
        say("Members whom the attack finds most surely"),
        [say("Pseudonym"), Column(say("Attack's score"), True), Column(say("Others scoring as high"), True)],
        [
            [str(row["id"]), _number(row.get("score")), percent(row.get("nonmembers_as_high"))]
            for row in rows[:20]
        ],
        key="exposed",
    )  # fmt: skip


def _number(value: object) -> str:
    return number(value, 3) if isinstance(value, int | float) else "–"


def checks(found: Measurement) -> None:
    """A run is evidence only when it found a planted leak and was silent on a null."""
    st.header(say("Checks of the run itself"), anchor=False)
    table(
        say("Checks of the run itself"),
        [say("Check"), say("Verdict"), say("What the run showed")],
        [
            [say("A planted leak is found"), check_words(found.power_check), found.power_check.detail],
            [say("Silence where nothing leaks"), check_words(found.null_check), found.null_check.detail],
        ],
        key="checks",
    )  # fmt: skip


def options(row: Registered, found: Measurement, name: str, limit: float) -> None:
    """Safer options by the rules of the risk room, with what each would change and cost."""
    st.header(say("Recommendation"), anchor=False)
    subject = {
        "channel": row.channel, "score": None if row.score is None else round(row.score, 2),
        "limit": limit, "subject": name, "measured_on": row.measured_on.isoformat(),
        "power": row.power_check, "measure": row.measure,
    }  # fmt: skip
    proposed = recommend_for(subject, language(), _coarsening(found))
    if not proposed:
        notice(say("No rule proposes anything: what was shown is not above the limit."), key="no-option")  # fmt: skip
        return
    table(
        say("Safer options"),
        [say("Option"), say("What it would change"), say("What it costs"), say("Control")],
        [
            [each.title, each.changes, each.costs,
             [Link(find_control(each.control, language()).title, "controls", {"id": each.control}), each.source]]
            for each in proposed
        ],
        key="options",
    )  # fmt: skip


def _coarsening(found: Measurement) -> Coarsening | None:
    """The levels that the run itself recommends, where it tried some that can be read."""
    try:
        return choose_coarsening(found.tables.get("what_if", ()), Path(f"{found.channel}.json"))
    except BadInput:
        return None


def risks(row: Registered) -> None:
    """Rows of the project's assessments that name this attack, or the access that it amounts to."""
    st.header(say("Risks that rest on it"), anchor=False)
    with state.records().read() as connection:
        entries = [
            each
            for each in list_risks(connection, identity.current_actor())
            if each.assessment.project_id == row.project_id
        ]
    meant = [e for e in entries if e.risk.attack == row.channel] or [
        e for e in entries if row.channel in ACCESS and e.risk.event == "access"
    ]
    if not meant:
        empty(
            say("No risk names this attack"),
            say("Assess the project, name the threat and choose this attack on a model; it then stands here."),
            Link(say("Risks"), "risks"), key="no-risks",
        )  # fmt: skip
        return
    link_list(
        [("", [Item(f"{e.risk.id} {e.risk.title}", Link(f"{e.risk.id} {e.risk.title}", "risks", {"assessment": e.assessment.id}), e.assessment.title) for e in meant])],
        key="risks",
    )  # fmt: skip


def honesty(found: Measurement) -> None:
    """Adversary, assumptions, what this run does not show."""
    st.header(say("What it rests on, and what it does not show"), anchor=False)
    said = [*found.assumptions, *found.caveats]
    if not said:
        notice(say("The result file states no assumption."), tone="warn", key="no-assumption")
        return
    spoken = {} if language() == "en" else {"lang": "en"}
    show(
        node("ul", "pw-parts", *(node("li", "", each, **spoken) for each in said)),
        key="honesty",
    )


def figures(found: Measurement) -> None:
    """Every figure under its name in the literature, folded away."""
    with st.expander(say("All figures")):
        table(
            say("All figures"),
            [say("Figure"), Column(say("Value"), True), Column(say("Low"), True), Column(say("High"), True)],
            [
                [name, _infinite(each.value, each.infinite), _number(each.low), _number(each.high)]
                for name, each in list(found.results.items())[:200]
            ],
            key="figures",
        )  # fmt: skip


def _infinite(value: float | None, is_infinite: bool) -> str:
    return "∞" if is_infinite else _number(value)


def steps(row: Registered, sees_people: bool) -> None:
    """Take the file out; accept or withdraw it."""
    st.header(say("The result file"), anchor=False)
    if sees_people:
        st.download_button(
            say("Download the result file"), data=lambda: _bytes(row), mime="application/json",
            file_name=f"{row.id}.json", on_click="ignore", key="download",
        )  # fmt: skip
    else:
        notice(say("The file may name pseudonyms; the project's team and the privacy office can download it."), key="no-download")  # fmt: skip
    actor = identity.current_actor()
    with state.records().read() as connection:
        can = {
            step: has_permission(connection, actor, f"measurement.{step}", row.project_id)
            for step in ("accept", "withdraw")
        }
    if row.withdrawn_at is not None:
        return
    if can["accept"] and not row.is_trusted and st.button(say("Accept: it counts from now on")):
        _act(row, lambda: measurements.accept(state.home(), state.records(), actor, row.id))
    if can["withdraw"]:
        with st.expander(say("Withdraw this measurement")), st.form("withdraw", border=False):
            reason = st.text_area(say("Why it is wrong"), height=100)
            if st.form_submit_button(say("Withdraw")):
                _act(row, lambda: measurements.withdraw(state.home(), state.records(), actor, row.id, reason))  # fmt: skip


def _bytes(row: Registered) -> bytes:
    """Read at the click, and only for somebody who may then."""
    with state.records().read() as connection:
        check_permission(connection, identity.current_actor(), "measurement.people", row.project_id)
        return read_file(connection, row.sha256)


def _act(row: Registered, act: Callable[[], object]) -> None:
    try:
        with st.spinner(say("Building the figures anew")):
            act()
    except WorkbenchError as error:
        error_box(error, key="step-error")
        return
    announce(say("The measurement is changed."))
    go("leakage_result", id=row.id)
