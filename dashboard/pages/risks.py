"""Risks: those of one assessment on their map, or those of all that somebody may read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments.questionnaire import Assessment
from assessments.risk import Register, Risk, RiskEntry, list_risks, read_register
from assessments.risk.picking import BY_DESIGN, EVENT
from dashboard import identity, parameters, state
from dashboard.components import Cell, Column, Item, Link, Tag, empty, link_list, page_head, table
from dashboard.components.choice import choice
from dashboard.components.risk_map import draw_map
from dashboard.pages.assessments import state_tag
from dashboard.pages.risk_parts import (
    level_tag,
    show_gaps,
    show_leakage,
    show_measures,
    show_options,
    show_picking,
    threshold_words,
    where_answered,
)
from dashboard.reading import find_readable, names_of
from dashboard.risk_map import AFTER, NOW, RiskMap, point_words, risk_map
from dashboard.text import counted, say

ALL = "all"


def render() -> None:
    """One assessment when the address names it, else the portfolio."""
    if parameters.optional("assessment"):
        _one(find_readable())
    else:
        _portfolio()


def _kinds() -> dict[str, str]:
    return {ALL: say("All"), BY_DESIGN: say("Harms by design"), EVENT: say("Events")}


def _ends() -> dict[str, str]:
    return {AFTER: say("After all measures"), NOW: say("With what is in place now")}


def _one(found: Assessment) -> None:
    page_head(
        say("Risks"),
        say("What can happen to people, before the measures, now, and after all of them."),
        [
            Link(say("Assessments"), "assessments"),
            Link(found.title, "assessment", {"assessment": found.id}),
        ],
    )
    register = read_register(found.template, found.answers)
    if not found.template.record.inherent:
        empty(
            say("This kind of assessment rates no risks"), say("Its answers are on its own page.")
        )
        return
    st.write(threshold_words(register))
    if register.risks:
        _map(found, register)
    else:
        empty(
            say("No risk is rated yet"),
            say("Name threats and rate them; or pick threats from the catalogue below."),
        )
    show_measures(found, register)
    show_gaps(found, register)
    show_leakage(found)
    show_options(found)
    show_picking(found)


def _map(found: Assessment, register: Register) -> None:
    left, right = st.columns(2)
    with left:
        kind = choice(say("Kind"), _kinds(), "kind")
    with right:
        end = choice(say("Arrows end"), _ends(), "end")
    only_high = st.toggle(say("Only those too high now"), key="high", bind="query-params")
    chosen = [risk for risk in register.risks if kind in (ALL, risk.kind)]
    if only_high:
        chosen = [risk for risk in chosen if not register.is_acceptable(risk.current)]
    shown = risk_map(register, chosen, end)
    rows = {risk.id: risk for risk in chosen}
    draw_map(shown, lambda move: where_answered(found, rows[move.id]))
    _twin(found, register, chosen, shown)


def _twin(found: Assessment, register: Register, risks: Sequence[Risk], shown: RiskMap) -> None:
    table(
        say("Risks as severity / likelihood, before the measures, now and after all of them"),
        [say("Risk"), say("Kind"), say("Before"), say("Now"), say("After"), say("Acceptable")],
        [_row(found, register, risk, shown) for risk in risks],
        key="risks",
    )


def _row(found: Assessment, register: Register, risk: Risk, shown: RiskMap) -> list[Cell]:
    link = where_answered(found, risk)
    why = (
        say("by {measures}", measures=", ".join(risk.working))
        if risk.working
        else say("no measure counts yet")
    )
    return [
        [risk.id, Link(risk.title, link.page, link.params)],
        say("Harm by design") if risk.kind == BY_DESIGN else say("Event"),
        [level_tag(register, risk.inherent), point_words(shown, risk.inherent)],
        [level_tag(register, risk.current), point_words(shown, risk.current), why],
        [level_tag(register, risk.residual), point_words(shown, risk.residual)],
        Tag(say("Yes"), "good") if risk.is_acceptable else Tag(say("No"), "bad"),
    ]


def _portfolio() -> None:
    page_head(
        say("Risks"),
        say("The risks of every assessment that you may read; the highest that remain come first."),
        [Link(say("Assessments"), "assessments")],
    )
    with state.records().read() as connection:
        found = list_risks(connection, identity.current_actor())
    if not found:
        empty(
            say("No risk is rated yet"),
            say("Risks appear here when an assessment rates them."),
            Link(say("Assessments"), "assessments"),
        )
        return
    left, right = st.columns(2)
    with left:
        kind = choice(say("Kind"), _kinds(), "kind")
    only_high = right.toggle(
        say("Only those that remain too high"), key="high", bind="query-params"
    )
    shown = [item for item in found if kind in (ALL, item.risk.kind)]
    shown = [item for item in shown if item.is_too_high or not only_high]
    st.write(counted(len(shown), "risk", "risks"))
    projects = names_of("project")
    table(
        say("Risks of all assessments"),
        [say("Risk"), say("Assessment"), say("Project"), say("State"), say("Before"), say("Now"),
         say("Remains"), Column(say("Measures in place"), True)],
        [_entry(item, projects.get(item.assessment.project_id, "")) for item in shown],
        key="portfolio",
    )  # fmt: skip
    link_list([(say("Read more"), [Item("", Link(say("Catalogue"), "controls"))])], key="more")


def _entry(item: RiskEntry, project: str) -> list[Cell]:
    risk, register = item.risk, item.register
    here = {"assessment": item.assessment.id}
    return [
        [risk.id, Link(risk.title, "risks", here)],
        Link(item.assessment.title, "assessment", here),
        project or item.assessment.project_id,
        state_tag(item.assessment.state),
        level_tag(register, risk.inherent),
        level_tag(register, risk.current),
        level_tag(register, risk.residual),
        say("{done} of {all}", done=len(risk.working), all=len(risk.measures)),
    ]
