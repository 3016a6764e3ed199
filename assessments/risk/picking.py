"""Picking from the catalogue: an entry becomes a row of the assessment, for people to change.

Only columns that the template's tables have are filled. A picked row names its entry, so that the
warehouse can be asked whether it works; an entry that is there already is not added again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.errors import NotPossibleNow
from assessments.questionnaire import Assessment, Saved, Status, load, save_answer
from assessments.questionnaire.template import Template
from assessments.records.actor import Actor
from assessments.records.store import Records
from assessments.risk.catalogue import Control, Threat, find_control, find_threat

CONTROL, THREAT = "control", "catalogue"
EVENT, BY_DESIGN = "event", "by_design"


def tables_for(template: Template) -> Mapping[str, str]:
    """The tables that can take entries: ``event``, ``by_design`` and ``control`` to their question."""
    rules = template.record
    found = {kind: table for kind, table in rules.threats.items() if _has(template, table, THREAT)}
    if _has(template, rules.measures, CONTROL):
        found[CONTROL] = rules.measures
    return found


def pick_threats(
    records: Records, actor: Actor, assessment_id: str, threat_ids: Sequence[str]
) -> list[Saved]:
    """Add threats to the table of their kind; those that are there already stay as they are."""
    found = load(records, assessment_id)
    wanted = [find_threat(threat_id, found.language) for threat_id in threat_ids]
    tables = tables_for(found.template)
    return [
        _add(records, actor, found, tables.get(kind, ""), THREAT, rows)
        for kind in (BY_DESIGN, EVENT)
        if (rows := [_threat_row(threat) for threat in wanted if threat.kind == kind])
    ]


def pick_controls(
    records: Records,
    actor: Actor,
    assessment_id: str,
    control_ids: Sequence[str],
    threats: Sequence[str] = (),
) -> Saved:
    """Add controls as planned measures against these threats (their row ids).

    Without any, a control is against the threats of the assessment for which the catalogue names it.
    """
    found = load(records, assessment_id)
    rows = []
    for control in (find_control(control_id, found.language) for control_id in control_ids):
        rows.append(_measure_row(control, list(threats) or _threats_of(found, control)))
    return _add(records, actor, found, tables_for(found.template).get(CONTROL, ""), CONTROL, rows)


def _threat_row(threat: Threat) -> dict[str, Any]:
    return {
        "id": threat.id,
        THREAT: threat.id,
        "title": threat.title,
        "how": threat.description,
        "source": threat.source,
        "impact": threat.impact,
        "event": threat.event or None,
        "attack": threat.attack or None,
    }


def _measure_row(control: Control, threats: list[str]) -> dict[str, Any]:
    return {
        "id": control.id,
        CONTROL: control.id,
        "title": control.title,
        "kind": control.kind,
        "effect": control.description,
        "threats": threats,
        "status": "planned",
        "lowers_severity": control.lowers_severity,
        "lowers_likelihood": control.lowers_likelihood,
    }


def _threats_of(found: Assessment, control: Control) -> list[str]:
    rows = [
        row for table in found.template.record.threats.values() for row in _rows(found, table)
    ]  # fmt: skip
    return [
        row["id"]
        for row in rows
        if row.get(THREAT) and control.id in find_threat(row[THREAT]).controls
    ]


def _add(
    records: Records,
    actor: Actor,
    found: Assessment,
    table: str,
    mark: str,
    rows: list[dict[str, Any]],
) -> Saved:
    if not table:
        raise NotPossibleNow("This kind of assessment takes no entries of the catalogue")
    present = _rows(found, table)
    there = {row.get(mark) for row in present} | {row["id"] for row in present}
    known = {"id", *(column.id for column in found.template.question(table).columns)}
    new = [
        {name: value for name, value in row.items() if name in known}
        for row in rows
        if row["id"] not in there
    ]
    version = found.versions.get(table, 0)
    return save_answer(
        records, actor, found.id, table, [*present, *new], expected_version=version
    )  # fmt: skip


def _rows(found: Assessment, table: str) -> list[Any]:
    answer = found.answers.get(table)
    return list(answer.value) if answer and answer.status is Status.ANSWERED else []


def _has(template: Template, table: str, column_id: str) -> bool:
    question = template.by_id.get(table)
    return question is not None and column_id in {column.id for column in question.columns}
