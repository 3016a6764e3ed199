"""OpenMetadata table entities, as ``GET /v1/tables?fields=columns,owners,tags`` answers or one a line.

A column's tag of the classification PersonalData or PII is kept as what it is, a label of theirs: the
resource map's ``fill`` says which category it is here. The tables of its sample data
(``ingestion/examples``), a file that holds ``{"tables": [...]}``, were read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dashboard.exports.systems.events import items, moment, part, text
from dashboard.exports.systems.inventory import day, found
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs

KINDS = ("datasets", "dataset_fields")
NO_TABLE = "this is no table: it names no fullyQualifiedName"
_WRAPPER = re.compile(rb'^\s*\{\s*"(data|tables)"\s*:\s*\[')


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """A dataset a table, and its columns, nested ones with their path."""
    for item in read_objects(path, _WRAPPER):
        name = text(item.value.get("fullyQualifiedName"))
        reason = item.reason or (None if name else NO_TABLE)
        if reason or name is None:
            yield Found(KINDS[0], item.line_no, item.raw[:1000], {}, reason)
            continue
        dataset_id = resources.name(name)
        yield _table(item, dataset_id, resources)
        yield from _columns(item, dataset_id, item.value.get("columns"), "")


def _table(item: Item, dataset_id: str, resources: ResourceMap) -> Found:
    value = item.value
    owners = items(value.get("owners")) or [value.get("owner")]
    owner = next((text(part(each, "name")) for each in owners), None)
    person = resources.person(owner) if owner else None
    retention = text(value.get("retentionPeriod"))
    return found("datasets", item, {
        "dataset_id": dataset_id, "name": value.get("displayName") or value.get("name"),
        "description": value.get("description"), "owner_id": person.id if person else owner,
        "retention_period": retention, "created_on": day(moment(value.get("createdAt"))),
    })  # fmt: skip


def _columns(item: Item, dataset_id: str, columns: object, path: str) -> Iterator[Found]:
    for column in items(columns):
        name = f"{path}{text(part(column, 'name')) or ''}"
        tags = [text(part(tag, "tagFQN")) for tag in items(part(column, "tags"))]
        extra = {"tags": [tag for tag in tags if tag]} if any(tags) else {}
        yield found("dataset_fields", item, {
            "dataset_id": dataset_id, "field": name, "type": part(column, "dataType"),
            "description": part(column, "description"),
        }, **extra)  # fmt: skip
        yield from _columns(item, dataset_id, part(column, "children"), f"{name}.")


SYSTEM = System(
    "openmetadata", "OpenMetadata", KINDS,
    signs(rb'"fullyQualifiedName"', rb'"columns"|"tableType"'), read,
    "https://docs.open-metadata.org/latest/main-concepts/metadata-standard/schemas/entity/data/table",
)  # fmt: skip
