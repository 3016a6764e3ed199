"""All source systems, which one a file comes from, and its records staged for a contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from assessments.errors import BadInput
from dashboard.exports.contract import Contract
from dashboard.exports.staging import Record, create_staged, pour
from dashboard.exports.systems import (
    cloudtrail,
    croissant,
    datahub,
    dbt,
    gcp,
    kubernetes,
    m365,
    mlflow,
    model_card,
    ocsf,
    openlineage,
    openmetadata,
    pgaudit,
    snowflake,
)
from dashboard.exports.systems.objects import HEAD
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System

_ALL = (
    cloudtrail.SYSTEM,
    kubernetes.SYSTEM,
    ocsf.SYSTEM,
    gcp.SYSTEM,
    pgaudit.SYSTEM,
    m365.SYSTEM,
    snowflake.SYSTEM,
    openlineage.SYSTEM,
    dbt.MANIFEST,
    dbt.CATALOG,
    mlflow.SYSTEM,
    model_card.SYSTEM,
    croissant.SYSTEM,
    datahub.SYSTEM,
    openmetadata.SYSTEM,
)
SYSTEMS: dict[str, System] = {system.name: system for system in _ALL}


def find_system(path: Path) -> System | None:
    """The one system whose signs the first bytes of the file show."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    fits = [
        system for system in SYSTEMS.values() if all(sign.search(head) for sign in system.signs)
    ]
    if len(fits) > 1:
        raise BadInput(
            "This file could come from more than one system",
            f"It looks like {', '.join(system.name for system in fits)}. Say which with --kind.",
            where={"file": path.name},
        )
    return fits[0] if fits else None


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    system: System,
    resources: ResourceMap,
    contract: Contract,
) -> tuple[str, ...]:
    """Stage the records of one kind; returns the names of the fields nobody knows."""
    extra: dict[str, None] = {}
    create_staged(connection, contract)
    pour(connection, contract, _records(system.read(path, resources), contract, resources, extra))
    return tuple(extra)


def _records(
    found: Iterator[Found], contract: Contract, resources: ResourceMap, extra: dict[str, None]
) -> Iterator[Record]:
    """Records are told apart by their line; several of one line are numbered on from it."""
    fill = resources.fill.get(contract.kind, {})
    number = 0
    for record in found:
        if record.kind != contract.kind:
            continue
        number = max(number + 1, record.line_no)
        rest = record.extra or {}
        extra.update(dict.fromkeys(rest))
        values = {name: record.values.get(name) or fill.get(name) for name in contract.names}
        yield Record(
            number,
            record.raw,
            {} if record.reason else values,
            record.reason,
            json.dumps(rest, default=str) if rest else None,
        )
