"""The catalogue of threats and controls: dated packs, cross-mapped, in our own words.

A threat names what it is for CNIL, LINDDUN and NIST AI 100-2; a control the articles, subcategories and
clauses that it serves, the technical setting that shows it, and the KPI or attack that proves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assessments.errors import NotFound
from assessments.language import ENGLISH
from assessments.questionnaire.expressions import Expression, parse
from assessments.questionnaire.packs import load_pack

THREATS, CONTROLS = "risk_threats", "risk_controls"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Setting:
    """What shows that a control is there: facts, those that count, and what each must say.

    require is None when there must be no such row. name: the column that names a row.
    """

    source: str
    where: Expression | None
    require: Expression | None
    name: str


@dataclass(frozen=True, slots=True)
class Control:
    """An entry of the controls; lowers_* are proposals for the measure that it becomes."""

    id: str
    title: str
    description: str
    kind: str
    mappings: Mapping[str, tuple[str, ...]]
    lowers_severity: int
    lowers_likelihood: int
    setting: Setting | None
    kpi: str
    leakage: str


@dataclass(frozen=True, slots=True)
class Threat:
    """An entry of the threats; the ids of what it is called elsewhere are empty where it has none."""

    id: str
    title: str
    description: str
    kind: str
    event: str
    attack: str
    linddun: str
    leakage: str
    mappings: Mapping[str, tuple[str, ...]]
    source: str
    impact: str
    controls: tuple[str, ...]


FRAMEWORKS: Mapping[str, str] = {
    "gdpr": "GDPR",
    "nist_pf": "NIST Privacy Framework 1.0",
    "iso27701": "ISO/IEC 27701:2019",
    "iso29151": "ISO/IEC 29151:2017",
    "nist_ai": "NIST AI 100-2 E2025",
}
"""The mappings of an entry, and what each is a mapping to."""


@lru_cache(maxsize=8)
def list_controls(language: str = ENGLISH) -> tuple[Control, ...]:
    """Every control, in the order of the pack."""
    return tuple(_control(entry) for entry in load_pack(CONTROLS, language).entries())


@lru_cache(maxsize=8)
def list_threats(language: str = ENGLISH) -> tuple[Threat, ...]:
    """Every threat, in the order of the pack."""
    return tuple(_threat(entry) for entry in load_pack(THREATS, language).entries())


def find_control(control_id: str, language: str = ENGLISH) -> Control:
    """The control with this id, or NotFound."""
    for control in list_controls(language):
        if control.id == control_id:
            return control
    raise NotFound(f"The catalogue has no control {control_id}", field="control")


def find_threat(threat_id: str, language: str = ENGLISH) -> Threat:
    """The threat with this id, or NotFound."""
    for threat in list_threats(language):
        if threat.id == threat_id:
            return threat
    raise NotFound(f"The catalogue has no threat {threat_id}", field="threat")


def _control(entry: Mapping[str, Any]) -> Control:
    return Control(
        id=str(entry["id"]),
        title=str(entry["title"]),
        description=str(entry["description"]),
        kind=str(entry["kind"]),
        mappings=_mappings(entry),
        lowers_severity=int(entry["lowers_severity"]),
        lowers_likelihood=int(entry["lowers_likelihood"]),
        setting=_setting(entry.get("shows")),
        kpi=str(entry.get("kpi", "")),
        leakage=str(entry.get("leakage", "")),
    )


def _threat(entry: Mapping[str, Any]) -> Threat:
    return Threat(
        id=str(entry["id"]),
        title=str(entry["title"]),
        description=str(entry["description"]),
        kind=str(entry["kind"]),
        event=str(entry.get("event", "")),
        attack=str(entry.get("attack", "")),
        linddun=str(entry["linddun"]),
        leakage=str(entry.get("leakage", "")),
        mappings=_mappings(entry),
        source=str(entry["source"]),
        impact=str(entry["impact"]),
        controls=tuple(entry["controls"]),
    )


def _mappings(entry: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(entry[name]) for name in FRAMEWORKS if name in entry}


def _setting(shows: Mapping[str, Any] | None) -> Setting | None:
    if shows is None:
        return None
    has_none = shows.get("expect") == NONE
    return Setting(
        source=str(shows["source"]),
        where=parse(shows["where"]) if "where" in shows else None,
        require=None if has_none else parse(shows["require"]),
        name=str(shows["name"]),
    )
