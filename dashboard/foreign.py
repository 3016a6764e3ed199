"""What commands and pages share of other tools' files: into records and registers, and on to a DPIA."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from assessments import questionnaire
from assessments.errors import BadInput, NotFound
from assessments.evidence import store
from assessments.exchange.cnil.carrying import Carried, carry_over
from assessments.exchange.frame import Reading
from assessments.exchange.keep import Preview, bring_in
from assessments.exchange.loss import Imported, Loss
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard import office
from dashboard.foreign_registers import land
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts

IN_ARCHIVE = "It is kept with the original archive."


def bring(
    home: Home, records: Records, actor: Actor, found: Preview, project: str = ""
) -> tuple[Imported, ...]:
    """Store a previewed file; rows of registers land first, because that can be refused."""
    has_assessment = any(reading.template for reading in found.readings)
    context = _context(home, project) if has_assessment and project else {}
    landed = [_landed(home, records, actor, found, reading) for reading in found.readings]
    files, refused = _keep(home, records, actor, found, project)
    found = replace(found, losses=found.losses + refused)
    made = bring_in(records, actor, found, project, context)
    if files:
        question, assessment_id = found.format.attachments, str(made[0].assessment)
        questionnaire.save_answer(records, actor, assessment_id, question, files)
    return tuple(
        replace(item, imported={**item.imported, **counts})
        for item, counts in zip(made, landed, strict=True)
    )


def _keep(
    home: Home, records: Records, actor: Actor, found: Preview, project: str
) -> tuple[list[str], tuple[Loss, ...]]:
    """Attachments as evidence; one that the evidence store refuses stays in the archive alone."""
    kept: list[str] = []
    losses = []
    for file in found.attachments:
        try:
            made = store.add(
                records, home.prepare(), actor, file.place, BytesIO(file.data), scope=project
            )
            kept.append(made.sha256)
        except BadInput as error:
            losses.append(
                Loss(file.place, f"{len(file.data)} bytes", f"{error.title}. {IN_ARCHIVE}")
            )
    return kept, tuple(losses)


def _landed(
    home: Home, records: Records, actor: Actor, found: Preview, reading: Reading
) -> dict[str, int]:
    """How many rows of the registers stand now, and how many loading set aside."""
    if not reading.registers:
        return {}
    report = land(home, reading, found.name, records=records, actor=actor)
    return {"register_rows": report.landed, "rows_set_aside": report.quarantined}


def carry(home: Home, records: Records, actor: Actor, pia_id: str) -> Carried:
    """Begin a DPIA from a PIA, with what the inventory knows of its project."""
    project = questionnaire.load(records, pia_id).project_id
    context = _context(home, project)
    try:
        warehouse = Warehouse.open(home)
    except NotFound:
        return carry_over(records, actor, pia_id, context=context)
    try:
        context |= {"sources": office.describe_sources(warehouse)}
        return carry_over(records, actor, pia_id, WarehouseFacts(warehouse), context)
    finally:
        warehouse.close()


def _context(home: Home, project: str) -> dict[str, Any]:
    """What the record says of the project; a home without an inventory takes any name."""
    about: dict[str, Any] = {"organisation": office.organisation(home)}
    try:
        warehouse = Warehouse.open(home)
    except NotFound:
        return about
    try:
        return about | {"project": office.name_project(WarehouseFacts(warehouse), project)}
    finally:
        warehouse.close()
