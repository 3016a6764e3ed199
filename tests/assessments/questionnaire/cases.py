"""Factories for tests of the questionnaire: people, facts and a small complete DPIA."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from assessments.questionnaire import (
    Answer,
    Fact,
    Shape,
    Template,
    Type,
    check_answer,
    load_pack,
    reference_choices,
    visible_questions,
)
from assessments.records import Actor, Records, people

SETUP = Actor.system("setup")


def join(records: Records, person_id: str, *roles: str) -> Actor:
    """Add a person with roles."""
    with records.change(SETUP) as change:
        people.add_person(change, person_id, person_id.title())
        for role in roles:
            people.grant_role(change, person_id, role, reason="test")
    return Actor.person(person_id)


class Inventory:
    """A fact source over rows in memory; digests are of the rows as they are when asked."""

    def __init__(self, **sources: list[dict[str, Any]]) -> None:
        self.sources = sources

    def query(self, source: str, subject: Mapping[str, str]) -> list[Fact]:
        return [
            Fact(row, source, f"row {n}", digest(row), "2026-11-20")
            for n, row in enumerate(self.sources.get(source, []), start=1)
        ]


def digest(row: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()


def sample_inventory() -> Inventory:
    """A project with two datasets, of which one holds health data."""
    return Inventory(
        project=[
            {"project_id": "p", "name": "Triage", "description": "Sorts calls.", "owner_id": "own",
             "launched_on": "2026-12-01", "uses_federated_learning": True, "uses_differential_privacy": False}
        ],
        fields_of_project=[
            {"dataset_id": "d1", "field": "name", "declared_category": "name"},
            {"dataset_id": "d1", "field": "born", "declared_category": "demographic"},
            {"dataset_id": "d2", "field": "symptom", "declared_category": "health"},
            {"dataset_id": "d2", "field": "drug", "declared_category": "health"},
            {"dataset_id": "d2", "field": "job", "declared_category": "technical"},
        ],
        leakage_of_project=[
            {"result_id": "l1", "subject_id": "m1", "channel": "membership", "measure": "tpr_at_fpr_0.01",
             "value": 0.033, "low": 0.03, "high": 0.036, "severity": 0.42, "measured_on": "2026-11-11",
             "power_check": "passed", "data_sha256": "a" * 64}
        ],
    )  # fmt: skip


def answered(template: Template, raw: Mapping[str, Any]) -> dict[str, Answer]:
    """Answers in normal form from raw values."""
    return {name: check_answer(template.question(name), value) for name, value in raw.items()}


def consistent_dpia() -> dict[str, Any]:
    """Raw table answers without a single finding; tests break them one at a time."""
    return {
        "data_items": [
            {"id": "i1", "item": "Name", "category": "name", "special": "no"},
            {"id": "i2", "item": "Symptoms", "category": "health", "special": "yes", "special_kind": ["health"]},
        ],
        "purposes": [
            {"id": "p1", "purpose": "Sort calls", "basis": "public_task", "items": ["i1", "i2"]}
        ],
        "special_grounds": [{"id": "g1", "item": "i2", "ground": "care", "why": "Care by nurses"}],
        "retention": [
            {"id": "k1", "where": "Calls", "items": ["i1", "i2"], "need": "To sort", "period": "P2Y",
             "period_why": "Claims lapse"}
        ],
        "compliance": [
            {"id": entry["id"], "requirement": entry["id"], "effect": "Tested", "status": "partial"}
            for entry in load_pack("compliance").entries()
            if entry["group"] != "parties"
        ],
        "levels": 4,
        "accept_up_to": 5,
        "outside_eea": "no",
        "by_design": [
            {"id": "b1", "title": "Late help", "source": "The model", "impact": "Worse illness"}
        ],
        "events": [
            {"id": "e1", "title": "Peeking", "event": "access", "attack": "membership",
             "source": "Staff", "impact": "Shame"},
            {"id": "e2", "title": "Wrong label", "event": "change", "source": "Staff", "impact": "Late help"},
            {"id": "e3", "title": "Lost calls", "event": "loss", "source": "Fire", "impact": "Repetition"},
        ],
        "inherent": [
            {"id": "r1", "threat": "b1", "severity": 4, "likelihood": 2, "acceptable": "no"},
            {"id": "r2", "threat": "e1", "severity": 2, "likelihood": 2, "acceptable": "yes"},
            {"id": "r3", "threat": "e2", "severity": 2, "likelihood": 1, "acceptable": "yes"},
            {"id": "r4", "threat": "e3", "severity": 1, "likelihood": 1, "acceptable": "yes"},
        ],
        "measures": [
            {"id": "m1", "title": "A nurse listens", "threats": ["b1"], "status": "planned",
             "owner": "own", "due_on": "2027-01-31"}
        ],
        "residual": [
            {"id": "s1", "threat": "b1", "severity": 4, "likelihood": 1, "acceptable": "yes", "why": "Rare"}
        ],
        "prior_consultation": "no",
    }  # fmt: skip


def completed(template: Template, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Raw answers with something said to every required question that is asked."""
    said = dict(raw)
    while True:
        answers = answered(template, said)
        asked = visible_questions(template, answers)
        missing = next((q for q in asked if q.required and q.id not in said), None)
        if missing is None:
            return said
        said[missing.id] = (
            [
                {"id": f"{missing.id}-1"}
                | {c.id: _plain(template, answers, c.shape) for c in missing.columns if c.required}
            ]
            if missing.columns
            else _plain(template, answers, missing.shape)
        )


def _plain(template: Template, answers: Mapping[str, Answer], shape: Shape) -> Any:
    if shape.type in {Type.CHOICE, Type.MULTIPLE_CHOICE, Type.SCORE}:
        return shape.options[0].id
    if shape.type is Type.REFERENCE and shape.references:
        return next(iter(reference_choices(template, answers, shape.references)))
    plain = {Type.YES_NO_UNKNOWN: "no", Type.NUMBER: shape.minimum or 1, Type.DATE: "2026-12-01",
             Type.DURATION: "P1Y", Type.PERSON: "own"}  # fmt: skip
    return plain.get(shape.type, "Said in plain words.")
