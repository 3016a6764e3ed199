"""The catalogue: controls and threats, what each is called elsewhere, and where each is used."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from sqlalchemy import select

from assessments.questionnaire import Assessment, load_in, load_pack
from assessments.records.permissions import has_permission
from assessments.records.tables import assessment
from assessments.risk import Control, Threat, list_controls, list_threats, read_register
from assessments.risk.catalogue import FRAMEWORKS, find_control, find_threat
from dashboard import identity, parameters, state
from dashboard.components import Cell, Item, Link, empty, facts, link_list, page_head, paged
from dashboard.components.choice import choice
from dashboard.components.search import search_box
from dashboard.text import counted, language, say, words

CONTROLS, THREATS = "controls", "threats"
ON_A_PAGE = 15
KINDS = (CONTROLS, THREATS)
Uses = Mapping[str, list[Assessment]]


def render() -> None:
    """One entry when the address names it, else the list with its search."""
    kind = parameters.one_of("kind", KINDS)
    if entry := parameters.optional("id"):
        _control(entry) if kind == CONTROLS else _threat(entry)
    else:
        _list(kind)


def _list(kind: str) -> None:
    page_head(
        say("Catalogue of threats and controls"),
        say("What can happen to people, what protects them, and what shows that it works."),
        [Link(say("Risks"), "risks")],
    )
    choice(say("Show"), {CONTROLS: say("Controls"), THREATS: say("Threats")}, "kind")
    wanted = search_box(say("Search for words, articles or clauses")).lower()
    uses = _uses()
    if kind == CONTROLS:
        controls = [each for each in list_controls(language()) if wanted in _text(each)]
        _count(len(controls))
        paged(
            say("Controls"),
            [say("Control"), say("GDPR"), say("NIST Privacy Framework"), say("ISO/IEC 27701"),
             say("ISO/IEC 29151"), say("Proof"), say("Used in")],
            len(controls),
            lambda limit, at: [_control_row(each, uses) for each in controls[at : at + limit]],
            size=ON_A_PAGE,
        )  # fmt: skip
        return
    threats = [each for each in list_threats(language()) if wanted in _text(each)]
    _count(len(threats))
    paged(
        say("Threats"),
        [say("Threat"), say("Kind"), say("LINDDUN"), say("NIST AI 100-2"), say("GDPR"),
         say("Controls"), say("Used in")],
        len(threats),
        lambda limit, at: [_threat_row(each, uses) for each in threats[at : at + limit]],
        size=ON_A_PAGE,
    )  # fmt: skip


def _count(number: int) -> None:
    if number:
        st.write(counted(number, "entry", "entries"))
    else:
        empty(say("Nothing matches"), say("Try fewer letters, an article or a clause."))


def _text(entry: Control | Threat) -> str:
    mapped = [item for found in entry.mappings.values() for item in found]
    return " ".join([entry.id, entry.title, entry.description, *mapped]).lower()


def _control_row(control: Control, uses: Uses) -> list[Cell]:
    mapped = control.mappings
    return [
        [Link(control.title, "controls", {"id": control.id}), control.description],
        ", ".join(mapped.get("gdpr", ())),
        ", ".join(mapped.get("nist_pf", ())),
        ", ".join(mapped.get("iso27701", ())),
        ", ".join(mapped.get("iso29151", ())),
        _proof(control),
        _used(uses.get(control.id, [])),
    ]


def _proof(control: Control) -> Cell:
    found: list[str | Link] = []
    if control.kpi:
        found.append(Link(words(control.kpi), "kpi", {"name": control.kpi}))
    if control.leakage:
        found.append(say("attack: {channel}", channel=words(control.leakage).lower()))
    return found or None


def _used(found: list[Assessment]) -> Cell:
    return [Link(each.title, "risks", {"assessment": each.id}) for each in found] or None


def _threat_row(threat: Threat, uses: Uses) -> list[Cell]:
    here = {"id": threat.id, "kind": THREATS}
    return [
        [Link(threat.title, "controls", here), threat.description],
        _kind(threat),
        _title("linddun", threat.linddun),
        [_title("ml_attacks", threat.attack), *threat.mappings.get("nist_ai", ())]
        if "nist_ai" in threat.mappings
        else None,
        ", ".join(threat.mappings.get("gdpr", ())),
        [
            Link(find_control(name, language()).title, "controls", {"id": name})
            for name in threat.controls
        ],
        _used(uses.get(threat.id, [])),
    ]


def _kind(threat: Threat) -> str:
    events = {
        "access": say("Illegitimate access"),
        "change": say("Unwanted change"),
        "loss": say("Disappearance"),
    }
    return events.get(threat.event) or say("Harm by design")


def _title(pack_id: str, entry_id: str) -> str:
    entry = load_pack(pack_id, language()).entry(entry_id)
    return str(entry["title"]) if entry else ""


def _control(control_id: str) -> None:
    control = find_control(control_id, language())
    page_head(control.title, control.description, _trail())
    setting = control.setting
    facts(
        [
            *_mapped(control.mappings),
            (say("Lowers, as proposed"), _lowers(control)),
            (say("Fact that shows it"), words(setting.source) if setting else say("No fact about it")),
            (say("Proof"), _proof(control)),
            (say("Used in"), _used(_uses().get(control.id, []))),
        ]
    )  # fmt: skip
    against = [each for each in list_threats(language()) if control.id in each.controls]
    items = [
        Item("", Link(each.title, "controls", {"id": each.id, "kind": THREATS})) for each in against
    ]
    if items:
        link_list([(say("Against"), items)], key="against")


def _threat(threat_id: str) -> None:
    threat = find_threat(threat_id, language())
    page_head(threat.title, threat.description, _trail())
    facts(
        [
            (say("Kind"), _kind(threat)),
            (say("LINDDUN"), _title("linddun", threat.linddun)),
            (say("Attack on a model"), _title("ml_attacks", threat.attack)),
            *_mapped(threat.mappings),
            (say("Risk source"), threat.source),
            (say("What it means for people"), threat.impact),
            (say("Used in"), _used(_uses().get(threat.id, []))),
        ]
    )
    items = [
        Item("", Link(find_control(name, language()).title, "controls", {"id": name}))
        for name in threat.controls
    ]
    link_list([(say("Controls"), items)], key="against")


def _trail() -> list[Link]:
    return [Link(say("Risks"), "risks"), Link(say("Catalogue"), "controls")]


def _mapped(mappings: Mapping[str, tuple[str, ...]]) -> list[tuple[str, Cell]]:
    return [(FRAMEWORKS[name], ", ".join(found)) for name, found in mappings.items()]


def _lowers(control: Control) -> str:
    return say(
        "severity by {severity}, likelihood by {likelihood}",
        severity=control.lowers_severity,
        likelihood=control.lowers_likelihood,
    )


def _uses() -> Uses:
    """Readable assessments by the entries of the catalogue that their rows name."""
    actor, found = identity.current_actor(), dict[str, list[Assessment]]()
    with state.records().read() as connection:
        rows = connection.execute(
            select(assessment.c.id, assessment.c.project_id).order_by(assessment.c.id)
        ).all()
        readable = [
            load_in(connection, row.id)
            for row in rows
            if has_permission(connection, actor, "assessment.read", row.project_id)
        ]
    for each in readable:
        register = read_register(each.template, each.answers)
        named = {measure.control for measure in register.measures}
        named |= {risk.catalogue for risk in register.risks}
        for entry in named - {""}:
            found.setdefault(entry, []).append(each)
    return found
