"""``privacy assessment risks`` and ``pick``: the risk room from the shell."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from assessments.errors import NotFound
from assessments.questionnaire import Assessment, FactSource
from assessments.risk import (
    Point,
    Register,
    Risk,
    Shown,
    find_gaps,
    pick_controls,
    pick_threats,
    read_register,
    recommend,
    record_scale,
    works,
)
from assessments.risk.catalogue import find_control
from assessments.risk.coarsening import Coarsening, read_coarsening
from assessments.risk.facts import Facts
from dashboard.commands.assessments import group, load_readable
from dashboard.commands.plumbing import Session, emit, json_option, pass_session
from dashboard.warehouse.facts import WarehouseFacts


def register(cli: click.Group) -> None:
    """The commands belong to ``privacy assessment``; importing this module adds them there."""
    cli.add_command(group)


@group.command("risks")
@click.argument("assessment_id")
@click.option(
    "--measurement",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A re-identification measurement (JSON) whose recommended generalisation is shown.",
)
@json_option
@pass_session
def risks(session: Session, assessment_id: str, measurement: Path | None) -> None:
    """Show risks before measures, now and after; gaps, what the warehouse shows, safer options."""
    coarsening = read_coarsening(measurement) if measurement else None
    found = load_readable(session, assessment_id)
    with session.warehouse() as warehouse:
        data = _described(found, WarehouseFacts(warehouse), coarsening)
    emit(session, data, lambda: _text(data))


@group.command("pick")
@click.argument("assessment_id")
@click.option("--threat", "threats", multiple=True, metavar="ID", help="A threat of the catalogue.")
@click.option("--control", "controls", multiple=True, metavar="ID", help="A control of it.")
@json_option
@pass_session
def pick(
    session: Session, assessment_id: str, threats: tuple[str, ...], controls: tuple[str, ...]
) -> None:
    """Add threats and controls of the catalogue to the tables of an assessment."""
    load_readable(session, assessment_id)
    records, actor = session.records(), session.person()
    saved = list(pick_threats(records, actor, assessment_id, threats)) if threats else []
    if controls:
        saved.append(pick_controls(records, actor, assessment_id, controls))
    changed = sum(each.is_changed for each in saved)
    emit(session, {"changed": changed}, f"{changed} tables changed")


def _described(
    found: Assessment, facts: FactSource, coarsening: Coarsening | None
) -> dict[str, Any]:
    held = read_register(found.template, found.answers)
    options = recommend(found.template, found.answers, facts, found.subject, coarsening)
    return {
        "assessment": found.id,
        "scale": record_scale(found.template, found.answers),
        "risks": [_risk(held, risk) for risk in held.risks],
        "measures": [dataclasses.asdict(measure) for measure in held.measures],
        "controls": [_shown(item) for item in _picked(found, held, facts)],
        "gaps": [dataclasses.asdict(gap) for gap in find_gaps(found.template, found.answers)],
        "recommendations": [dataclasses.asdict(option) for option in options],
    }


def _risk(held: Register, risk: Risk) -> dict[str, Any]:
    def level(point: Point) -> dict[str, Any]:
        return {
            **dataclasses.asdict(point),
            "level": held.level(point).id,
            "acceptable": held.is_acceptable(point),
        }

    return {
        "id": risk.id,
        "kind": risk.kind,
        "title": risk.title,
        "inherent": level(risk.inherent),
        "current": level(risk.current),
        "residual": level(risk.residual),
        "accepted": risk.is_acceptable,
        "measures": list(risk.measures),
        "working": list(risk.working),
    }


def _picked(found: Assessment, held: Register, facts: FactSource) -> list[Shown]:
    controls = []
    for control_id in dict.fromkeys(measure.control for measure in held.measures):
        try:
            controls.append(find_control(control_id, found.language))
        except NotFound:
            continue
    return works(controls, Facts(facts, found.subject))


def _shown(item: Shown) -> dict[str, Any]:
    return {
        "control": item.control.id,
        "state": item.state.value,
        "met": item.met,
        "rows": item.all,
        "kpi": item.control.kpi or None,
        "evidence": [dataclasses.asdict(line) for line in item.lines],
    }


def _text(data: dict[str, Any]) -> str:
    lines = [
        f"{r['id']}  {r['inherent']['level']} > {r['current']['level']} > {r['residual']['level']}"
        f"  {r['title']}"
        for r in data["risks"]
    ]
    lines += [f"gap: {gap['text']}" for gap in data["gaps"]]
    lines += [f"{each['control']}: {each['state']}" for each in data["controls"]]
    lines += [f"option: {each['title']} ({each['reason']})" for each in data["recommendations"]]
    return "\n".join(lines) or "No risk is rated."
