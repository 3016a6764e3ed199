"""Parts of the page on risks: levels, measures with their evidence, gaps, leakage, options, picking."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessments.errors import NotFound, WorkbenchError
from assessments.questionnaire import Assessment, record_leakage
from assessments.questionnaire.view import reference_choices
from assessments.risk import (
    Measure,
    Point,
    Register,
    Risk,
    Shown,
    Works,
    find_gaps,
    list_controls,
    list_threats,
    pick_controls,
    pick_threats,
    recommend,
    tables_for,
    works,
)
from assessments.risk.catalogue import find_control
from assessments.risk.facts import Facts
from assessments.risk.working import Line
from dashboard import identity, state
from dashboard.components import (
    Cell,
    Column,
    Item,
    Link,
    Tag,
    error_box,
    go,
    link_list,
    notice,
    table,
)
from dashboard.components.markup import Tone
from dashboard.reading import facts
from dashboard.text import counted, number, say

TONES: tuple[Tone, ...] = ("good", "info", "warn", "bad")


def level_tag(register: Register, point: Point) -> Tag:
    """The level of risk in words."""
    level = register.level(point)
    return Tag(level.title, TONES[min(level.band, len(TONES)) - 1])


def threshold_words(register: Register) -> str:
    """Which scale, and up to where a risk is acceptable."""
    scale = register.scale
    size = counted(scale.size, "level", "levels")
    if scale.threshold is not None:
        return say(
            "{size} of severity and of likelihood. A risk is acceptable while both add up to no more than {sum}.",
            size=size,
            sum=scale.threshold,
        )
    levels = {level.id: level for row in scale.matrix for level in row if level.is_acceptable}
    return say(
        "{size} of severity and of likelihood. Acceptable levels: {levels}.",
        size=size,
        levels=", ".join(level.title.lower() for level in levels.values()),
    )


def where_answered(found: Assessment, risk: Risk) -> Link:
    """The question that names the risk, or the answers for somebody who may not write."""
    here = {"assessment": found.id}
    if found.can_write(identity.current_person().id):
        return Link(risk.id, "question", here | {"q": risk.table})
    return Link(risk.id, "check_answers", here)


def show_measures(found: Assessment, register: Register) -> None:
    """Each measure with its effect, whether it counts, and what the warehouse says about its control."""
    if not register.measures:
        return
    st.header(say("Measures"), anchor=False)
    picked = _picked(found, register.measures)
    tables = list(found.template.record.threats.values())
    called = dict(reference_choices(found.template, found.answers, tables))
    called |= {risk.row: risk.id for risk in register.risks}
    table(
        say("Measures, what they lower, and whether the warehouse shows them"),
        [say("Measure"), say("Against"), say("Lowers"), say("Status"), say("Warehouse"),
         say("Evidence")],
        [
            [[measure.id, measure.title],
             ", ".join(called.get(row, row) for row in measure.threats),
             _effect(measure), _status(measure), *_warehouse(picked.get(measure.control))]
            for measure in register.measures
        ],
        key="measures",
    )  # fmt: skip


def _picked(found: Assessment, measures: Sequence[Measure]) -> dict[str, Shown]:
    controls = []
    for control_id in dict.fromkeys(measure.control for measure in measures if measure.control):
        try:
            controls.append(find_control(control_id, found.language))
        except NotFound:
            continue
    return {item.control.id: item for item in works(controls, Facts(facts(), found.subject))}


def _effect(measure: Measure) -> Cell:
    parts = []
    if measure.lowers.severity:
        parts.append(say("severity by {number}", number=measure.lowers.severity))
    if measure.lowers.likelihood:
        parts.append(say("likelihood by {number}", number=measure.lowers.likelihood))
    return ", ".join(parts) or None


def _status(measure: Measure) -> Cell:
    statuses = {"partial": say("Partly in place"), "implemented": say("In place")}
    word = statuses.get(measure.status, say("Planned"))
    if measure.counts:
        return [Tag(word, "good"), measure.evidence or say("counts now")]
    return [Tag(word), say("does not count yet")]


def _warehouse(shown: Shown | None) -> list[Cell]:
    if shown is None:
        return [say("Not from the catalogue"), None]
    said: list[str | Link | Tag] = [_state(shown.state)]
    if shown.all:
        said.append(say("{met} of {all} rows", met=shown.met, all=shown.all))
    if shown.control.kpi:
        said.append(Link(say("KPI"), "kpi", {"name": shown.control.kpi}))
    return [said, [_line(line) for line in shown.lines[:3]] or None]


def _state(found: Works) -> Tag:
    return {
        Works.SHOWN: Tag(say("Shown by the warehouse"), "good"),
        Works.NOT_SHOWN: Tag(say("Not shown"), "bad"),
        Works.NO_ROWS: Tag(say("Nothing to look at")),
        Works.NO_FACT: Tag(say("No fact about it")),
    }[found]


def _line(line: Line) -> str:
    where = ", ".join(part for part in (line.source, line.row, line.day) if part)
    if line.is_met:
        return say("{name}: yes ({where})", name=line.name, where=where)
    return say("{name}: no ({where})", name=line.name, where=where)


def show_gaps(found: Assessment, register: Register) -> None:
    """What the tables leave open, each with a link to where it is mended."""
    gaps = find_gaps(found.template, found.answers)
    st.header(say("Coverage"), anchor=False)
    if not gaps and not register.risks:
        notice(say("No threat is named yet, so there is nothing to cover."), key="covered")
        return
    if not gaps:
        notice(
            say("Every threat is rated, treated and said to remain somewhere."),
            tone="good",
            key="covered",
        )
        return
    st.write(counted(len(gaps), "gap", "gaps"))
    can_write = found.can_write(identity.current_person().id)
    here = {"assessment": found.id}
    items = [
        Item(
            gap.text,
            Link(gap.text, "question", here | {"q": gap.question})
            if can_write and gap.question
            else Link(gap.text, "check_answers", here),
        )
        for gap in gaps
    ]
    link_list([("", items)], key="gaps")


def show_leakage(found: Assessment) -> None:
    """The measured results beside the risks, those over their limit first."""
    results = record_leakage(found.template, found.answers)
    if not results:
        return
    st.header(say("Measured leakage"), anchor=False)
    ordered = sorted(results, key=lambda r: -(r["value"] - (r["limit"] or 0)))
    table(
        say("Leakage scores from 0 to 100 against their limits"),
        [say("Subject"), say("Measure"), Column(say("Score"), True), Column(say("Limit"), True),
         say("State")],
        [
            [r["subject"], r["measure"], number(r["value"], 1),
             None if r["limit"] is None else number(r["limit"], 0), _over(r["value"], r["limit"])]
            for r in ordered
        ],
        key="leakage",
    )  # fmt: skip


def _over(score: float, limit: float | None) -> Tag:
    if limit is None:
        return Tag(say("No limit"))
    return Tag(say("Over its limit"), "bad") if score > limit else Tag(say("Within it"), "good")


def show_options(found: Assessment) -> None:
    """Safer options, with what each would change and what it costs."""
    options = recommend(found.template, found.answers, facts(), found.subject)
    st.header(say("Safer options"), anchor=False)
    if not options:
        notice(say("No rule proposes anything: nothing measured or rated is too high."), key="none")
        return
    st.write(say("Proposed by rules where a measured leak or a risk is too high; whether one is taken is decided by people."))  # fmt: skip
    table(
        say("Safer options"),
        [say("Option"), say("Reason"), say("What it would change"), say("What it costs"),
         say("Control")],
        [
            [each.title, [each.reason, *_origins(each.origins)], each.changes, each.costs,
             [Link(find_control(each.control).title, "controls", {"id": each.control}), each.source]]
            for each in options
        ],
        key="options",
    )  # fmt: skip


def _origins(origins: Sequence[tuple[str, str | None, str | None]]) -> list[str]:
    return [", ".join(part for part in origin if part) for origin in origins[:2]]


def show_picking(found: Assessment) -> None:
    """A form to add entries of the catalogue, for those who may write."""
    tables = tables_for(found.template)
    if not tables or not found.can_write(identity.current_person().id):
        return
    st.header(say("Pick from the catalogue"), anchor=False)
    st.write(say("An entry becomes a row of the assessment. Change it so that it says what is true here."))  # fmt: skip
    threats = {each.id: each.title for each in list_threats(found.language) if each.kind in tables}
    controls = {each.id: each.title for each in list_controls(found.language)}
    with st.form("pick", border=False, clear_on_submit=True):
        chosen = st.multiselect(
            say("Threats"), list(threats), format_func=lambda i: threats[i],
            placeholder=say("Choose threats"),
        )  # fmt: skip
        wanted = st.multiselect(
            say("Controls, as planned measures"), list(controls), format_func=lambda i: controls[i],
            placeholder=say("Choose controls"),
        )  # fmt: skip
        sent = st.form_submit_button(say("Add to the assessment"))
    if sent and (chosen or wanted):
        _pick(found, chosen, wanted)


def _pick(found: Assessment, chosen: list[str], wanted: list[str]) -> None:
    records, actor = state.records(), identity.current_actor()
    try:
        if chosen:
            pick_threats(records, actor, found.id, chosen)
        if wanted:
            pick_controls(records, actor, found.id, wanted)
    except WorkbenchError as error:
        error_box(error, key="pick-error")
        return
    go("risks", assessment=found.id)
