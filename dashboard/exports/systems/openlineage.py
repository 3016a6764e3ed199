"""OpenLineage run events (openlineage.io, spec 2-0-2): a list, or one event a line.

Edges come from COMPLETE events only: a job that started need not have made anything. A dataset is its
namespace and name, or the dataset id that the resource map gives it. Fields are those of the schema
facet; OpenLineage says nothing of personal data, so their category comes from the map's ``fill``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboard.exports.systems.events import items, part, text
from dashboard.exports.systems.inventory import Once, day, edge, found
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs

KINDS = ("lineage", "datasets", "dataset_fields")
NO_EVENT = "this is not an OpenLineage event: it names no job and no run"
NO_TIME = "the event names no time"


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """Edges, datasets and fields of all events, each once."""
    once = Once()
    for item in read_objects(path):
        value = item.value
        job = text(part(value, "job", "name"))
        is_event = job is not None and text(part(value, "run", "runId")) is not None
        reason = item.reason or (None if is_event else NO_EVENT)
        if reason is None and text(value.get("eventTime")) is None:
            reason = NO_TIME
        if reason:
            yield Found(KINDS[0], item.line_no, item.raw[:1000], {}, reason)
        elif value.get("eventType") == "COMPLETE":
            for row in _rows(item, str(job), resources):
                values = row.values
                key = (
                    values.get("edge_id") or f"{values.get('dataset_id')}\x1f{values.get('field')}"
                )
                if once.is_new(row.kind, str(key)):
                    yield row


def _rows(item: Item, job: str, resources: ResourceMap) -> Iterator[Found]:
    value = item.value
    recorded = day(value.get("eventTime"))
    inputs, outputs = items(value.get("inputs")), items(value.get("outputs"))
    for source in inputs:
        for target in outputs:
            ends = _name(source, resources), _name(target, resources)
            yield edge(item, ("dataset", ends[0]), ("dataset", ends[1]), job, recorded)
    for dataset in (*inputs, *outputs):
        yield from _dataset(item, dataset, resources, is_output=dataset in outputs)


def _name(dataset: object, resources: ResourceMap) -> str:
    space, name = text(part(dataset, "namespace")) or "", text(part(dataset, "name")) or ""
    return resources.name(f"{space}/{name}")


def _dataset(
    item: Item, dataset: object, resources: ResourceMap, *, is_output: bool
) -> Iterator[Found]:
    dataset_id = _name(dataset, resources)
    about = text(part(dataset, "facets", "documentation", "description"))
    yield found("datasets", item, {
        "dataset_id": dataset_id, "name": part(dataset, "name"), "description": about,
        "origin": "derived" if is_output else None,
    })  # fmt: skip
    for field in items(part(dataset, "facets", "schema", "fields")):
        yield found("dataset_fields", item, {
            "dataset_id": dataset_id, "field": part(field, "name"), "type": part(field, "type"),
            "description": part(field, "description"),
        })  # fmt: skip


SYSTEM = System(
    "openlineage", "OpenLineage", KINDS,
    signs(rb'"eventType"', rb'"runId"', rb'"job"', rb'"inputs"|"outputs"'),
    read, "https://openlineage.io/docs/spec/object-model",
)  # fmt: skip
