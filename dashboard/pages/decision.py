"""The officer's advice and the approver's decision, with the exact record that will be frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from assessments.errors import BadInput, WorkbenchError
from assessments.grants import list_grants
from assessments.questionnaire import Assessment, record_leakage
from assessments.review.decisions import (
    NewCondition,
    Outcome,
    Position,
    advise,
    decide,
    latest_decision,
    latest_opinion,
    list_conditions,
)
from assessments.review.lifecycle import DECIDED, State, possible_actions
from assessments.review.parts import can_play
from assessments.risk.record import record_risks
from dashboard import identity, state
from dashboard.components import (
    Column,
    Item,
    Link,
    Tag,
    announce,
    error_box,
    facts,
    go,
    link_list,
    notice,
    page_head,
    table,
    tags,
)
from dashboard.pages.assessments import state_tag
from dashboard.pages.consultation import show_consultations
from dashboard.pages.handing_back import offer_return
from dashboard.pages.views_of_people import show_views
from dashboard.reading import find_readable, names_of
from dashboard.renewing import show_end
from dashboard.text import day, say, words

MOST_CONDITIONS = 5
Choice = TypeVar("Choice", bound=StrEnum)


def render() -> None:
    """What is at stake, then the form of whoever's turn it is."""
    found = find_readable()
    person = identity.current_person()
    page_head(
        say("Decision"),
        found.title,
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    tags([state_tag(found.state)])
    _risks(found)
    _leakage(found)
    show_views(found)
    _opinion(found)
    show_consultations(found)
    _decision(found)
    _grants(found)
    show_end(found)
    if found.state in DECIDED or not possible_actions(found.state):
        return
    with state.records().read() as connection:
        is_free = {p: can_play(connection, found.id, person.id, p) for p in ("dpo", "approver")}
    if found.state == State.OPINION and "dpo" in person.roles and is_free["dpo"]:
        _advice_form(found)
    elif (
        found.state == State.DECISION_PENDING and "approver" in person.roles and is_free["approver"]
    ):
        _decision_form(found)
    else:
        notice(say("It is not your turn to advise or decide now."), key="not-now")


def _risks(found: Assessment) -> None:
    risks = record_risks(found.template, found.answers)
    if not risks:
        return
    st.header(say("Risks to people"), anchor=False)
    table(
        say("Risks, severity and likelihood before and after measures"),
        [say("Risk"), Column(say("Severity"), True), Column(say("Likelihood"), True),
         Column(say("Severity after"), True), Column(say("Likelihood after"), True), say("Acceptable")],
        [
            [risk["title"], str(risk["severity"]), str(risk["likelihood"]),
             str(risk["residual_severity"]), str(risk["residual_likelihood"]),
             Tag(say("Yes"), "good") if risk["acceptable"] else Tag(say("No"), "bad")]
            for risk in risks
        ],
        key="risks",
    )  # fmt: skip


def _leakage(found: Assessment) -> None:
    results = record_leakage(found.template, found.answers)
    if not results:
        return
    st.header(say("Measured leakage"), anchor=False)
    table(
        say("Leakage scores from 0 to 100 against their limits"),
        [say("Subject"), say("Measure"), Column(say("Score"), True), Column(say("Limit"), True),
         say("State")],
        [
            [_subject(r["subject"]), r["measure"], f"{r['value']:g}",
             None if r["limit"] is None else f"{r['limit']:g}", _against_limit(r)]
            for r in results
        ],
        key="leakage",
    )  # fmt: skip


def _subject(subject_id: str) -> str:
    """A model or a dataset by its name."""
    return names_of("model").get(subject_id) or names_of("dataset").get(subject_id, subject_id)


def _against_limit(result: Mapping[str, Any]) -> Tag | None:
    if result["limit"] is None:
        return None
    is_over = result["value"] > result["limit"]
    return Tag(say("Above the limit"), "bad") if is_over else Tag(say("Within the limit"), "good")


def _opinion(found: Assessment) -> None:
    with state.records().read() as connection:
        given = latest_opinion(connection, found.id)
        made = latest_decision(connection, found.id)
    if given is None:
        return
    st.header(say("Advice of the data protection officer"), anchor=False)
    who = names_of("person").get(given["by"], given["by"])
    notice(given["text"], title=f"{who}: {words(given['position'])}", key="advice")
    if made is not None and made["opinion_followed"] is not None:
        is_followed = made["opinion_followed"]
        tag = Tag(say("Followed"), "good") if is_followed else Tag(say("Overruled"), "warn")
        tags([tag], key="followed")
        st.text(made["overruled_reason"] or "")


def _decision(found: Assessment) -> None:
    with state.records().read() as connection:
        made = latest_decision(connection, found.id)
        conditions = list_conditions(connection, found.id)
    if made is None:
        return
    st.header(say("Decision of the approver"), anchor=False)
    people = names_of("person")
    who = people.get(made["by"], made["by"])
    notice(made["reason"], title=f"{who}: {words(made['outcome'])}", key="decision")
    if conditions:
        table(
            say("Conditions"),
            [say("Condition"), say("Owner"), say("Due")],
            [[c["text"], people.get(c["owner_id"], c["owner_id"]), day(c["due_on"])] for c in conditions],
            key="conditions",
        )  # fmt: skip


def _grants(found: Assessment) -> None:
    """What an approval gives, before it is decided; what it gave, afterwards."""
    if found.template.grants is None:
        return
    if found.state not in DECIDED:
        notice(
            say("An approval gives the access that was asked for, from its first to its last day."),
            key="gives",
        )
        return
    with state.records().read() as connection:
        given = list_grants(connection, assessment=found.id)
    people = names_of("person")
    for grant in given:
        person = people.get(grant.person_id, grant.person_id)
        link = Link(say("Access of {person}", person=person), "grant", {"id": grant.id})
        facts([(say("Grant"), link)], key=f"given-{grant.id}")


def _advice_form(found: Assessment) -> None:
    st.header(say("Your advice"), anchor=False)
    with st.form("advice", border=False):
        position = st.radio(
            say("You advise to"), list(Position), None, format_func=lambda p: words(p.value)
        )
        text = st.text_area(say("What you advise, and why"), height=160)
        sent = st.form_submit_button(say("Give advice"), type="primary")
    if sent:
        _act(found, lambda: advise(
            state.records(), identity.current_actor(), found.id, _chosen(position), text))  # fmt: skip


def _decision_form(found: Assessment) -> None:
    st.header(say("Your decision"), anchor=False)
    st.write(
        say(
            "Deciding freezes the record as it is. The report is made from it and signed by the author, "
            "the data protection officer and you."
        )
    )
    outcome = st.radio(say("Decision"), list(Outcome), None, format_func=lambda o: words(o.value))
    with st.form("decision", border=False):
        reason = st.text_area(say("Reason"), height=120)
        is_followed, overruling = _advice_taken(found)
        wanted = []
        if outcome is Outcome.APPROVED_WITH_CONDITIONS:
            wanted = [_condition(number) for number in range(1, MOST_CONDITIONS + 1)]
        sent = st.form_submit_button(say("Decide"), type="primary")
    if sent:
        conditions = tuple(
            NewCondition(text, owner, due) for text, owner, due in wanted if text.strip()
        )
        _act(found, lambda: decide(
            state.records(), identity.current_actor(), found.id, _chosen(outcome), reason, conditions,
            is_followed=is_followed, overruling=overruling),
            "report")  # fmt: skip
    ask = say("Consult the authority before deciding")
    link = Link(ask, "consultation", {"assessment": found.id})
    link_list([("", [Item("", link)])], key="consult")
    offer_return(found)


def _advice_taken(found: Assessment) -> tuple[bool | None, str]:
    """Whether the officer is followed; saying nothing leaves it to what the decision itself says."""
    with state.records().read() as connection:
        if latest_opinion(connection, found.id) is None:
            return None, ""
    taken = {True: say("It is followed"), False: say("It is overruled")}
    chosen = st.radio(
        say("The officer's advice"), list(taken), None, format_func=lambda t: taken[t]
    )
    why = st.text_area(say("If it is overruled: why"), height=80)
    return chosen, why if chosen is not True else ""


def _chosen(choice: Choice | None) -> Choice:
    """Nothing is chosen beforehand: whoever advises or decides says so."""
    if choice is None:
        raise BadInput(say("Choose one first"), say("Your text is kept."))
    return choice


def _condition(number: int) -> tuple[str, str, date]:
    people = names_of("person")
    st.subheader(say("Condition {number}", number=number), anchor=False)
    text = st.text_input(say("What must be done ({number})", number=number))
    left, right = st.columns(2)
    owner = left.selectbox(
        say("Owner ({number})", number=number), list(people), format_func=lambda i: people[i]
    )
    due = right.date_input(
        say("Due ({number})", number=number), date.today() + timedelta(days=90), format="YYYY-MM-DD"
    )
    return text, owner or "", due if isinstance(due, date) else date.today()


def _act(found: Assessment, act: Any, page: str = "assessment") -> None:
    try:
        target = act()
    except WorkbenchError as error:
        error_box(error, key="decision-error")
        return
    announce(say("The assessment is now {state}.", state=target.value.replace("_", " ")))
    go(page, assessment=found.id)
