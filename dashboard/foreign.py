"""What the import command and the import page share: a previewed file into records and registers."""

from __future__ import annotations

from typing import Any

from assessments.errors import NotFound
from assessments.exchange.keep import Preview, bring_in
from assessments.exchange.loss import Imported
from assessments.records import Actor, Records
from assessments.settings import Home
from dashboard import office
from dashboard.foreign_registers import land
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.facts import WarehouseFacts


def bring(
    home: Home, records: Records, actor: Actor, found: Preview, project: str = ""
) -> tuple[Imported, ...]:
    """Store a previewed file; rows of registers land first, because that can be refused."""
    has_assessment = any(reading.template for reading in found.readings)
    context = _context(home, project) if has_assessment and project else {}
    for reading in found.readings:
        if reading.registers:
            land(home, reading, found.name, records=records, actor=actor)
    return bring_in(records, actor, found, project, context)


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
