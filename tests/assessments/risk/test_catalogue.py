"""The catalogue: everything that it names is there, and picking makes rows of it."""

from __future__ import annotations

import re

from assessments.questionnaire import load_pack
from assessments.questionnaire.expressions import names_in
from assessments.risk import list_controls, list_threats
from assessments.risk.catalogue import FRAMEWORKS
from assessments.risk.recommendations import LEAKAGE, RISKS, list_rules
from dashboard.exports.catalogue import find_contract
from dashboard.kpis import catalogue
from dashboard.warehouse.facts import list_sources

CLAUSES = {
    "gdpr": r"GDPR Art\. \d+(\(\d+\))?(\([a-z]\))?",
    "iso27701": r"[678](\.\d+){2,3}",
    "iso29151": r"(A\.([3-9]|1[0-3])|\d+\.\d+\.\d+)",
    "nist_ai": r"(2\.[234]|3\.[34])",
}


def channels() -> set[str]:
    (column,) = (c for c in find_contract("leakage_results").columns if c.name == "channel")
    return set(column.allowed)


def test_the_catalogue_is_as_large_as_it_says_and_ids_are_its_own() -> None:
    controls, threats = list_controls(), list_threats()
    assert len(controls) >= 40
    assert len(threats) >= 30
    assert len({each.id for each in (*controls, *threats)}) == len(controls) + len(threats)


def test_every_control_is_mapped_and_has_a_proof_that_exists() -> None:
    subcategories = {
        entry["id"]
        for entries in load_pack("nist_privacy_framework").lists.values()
        for entry in entries
    }
    kpis = {kpi.name for kpi in catalogue()}
    for control in list_controls():
        assert {"gdpr", "nist_pf", "iso27701", "iso29151"} <= set(control.mappings), control.id
        assert set(control.mappings["nist_pf"]) <= subcategories, control.id
        assert control.kpi or control.leakage, control.id
        assert not control.kpi or control.kpi in kpis, control.id
        assert not control.leakage or control.leakage in channels(), control.id
        assert control.lowers_severity or control.lowers_likelihood, control.id


def test_every_clause_has_the_form_of_its_standard() -> None:
    for entry in (*list_controls(), *list_threats()):
        for name, found in entry.mappings.items():
            pattern = CLAUSES.get(name, ".+")
            assert all(re.fullmatch(pattern, clause) for clause in found), (entry.id, name, found)
    assert set(CLAUSES) < set(FRAMEWORKS)


def test_every_setting_asks_a_fact_source_that_exists() -> None:
    settings = [control.setting for control in list_controls() if control.setting]
    assert len(settings) >= 30
    assert {setting.source for setting in settings} <= set(list_sources())


def test_every_threat_has_its_class_its_controls_and_a_measured_channel_that_exists() -> None:
    linddun = {entry["id"] for entry in load_pack("linddun").entries()}
    attacks = {entry["id"] for entry in load_pack("ml_attacks").entries()}
    controls = {control.id for control in list_controls()}
    for threat in list_threats():
        assert threat.linddun in linddun, threat.id
        assert threat.controls, threat.id
        assert set(threat.controls) <= controls, threat.id
        assert (threat.kind == "event") == (threat.event in {"access", "change", "loss"}), threat.id
        assert not threat.attack or threat.attack in attacks, threat.id
        assert not threat.leakage or threat.leakage in channels(), threat.id


def test_every_attack_and_feared_event_is_a_threat_and_every_control_works_against_some() -> None:
    threats = list_threats()
    attacks = {entry["id"] for entry in load_pack("ml_attacks").entries()}
    assert {threat.attack for threat in threats if threat.attack} == attacks
    assert {threat.event for threat in threats} == {"", "access", "change", "loss"}
    used = {control for threat in threats for control in threat.controls}
    assert {control.id for control in list_controls()} <= used


def test_every_option_names_a_control_and_rows_that_exist() -> None:
    controls = {control.id for control in list_controls()}
    for rule in list_rules():
        assert rule.control in controls, rule.id
        assert rule.rows in {LEAKAGE, RISKS, *list_sources()}, rule.id
        assert list(names_in(rule.when)), rule.id
