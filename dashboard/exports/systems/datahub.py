"""DataHub metadata change proposals, one a line or as a list, as its file sink writes them.

Aspects read: datasetProperties, editableDatasetProperties, ownership, schemaMetadata, upstreamLineage.
A proposal holds one aspect of one entity, so the aspects of a dataset are gathered. Tried on what the
file sink of acryl-datahub 1.7 writes (MCP and MCE) and on datasets of DataHub's own bootstrap_mce2.json,
an older snapshot in which a value of a union stands in an object named after its type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.exports.systems.events import items, moment, part, text
from dashboard.exports.systems.inventory import Once, day, edge, found
from dashboard.exports.systems.objects import Item, read_objects
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs

KINDS = ("datasets", "dataset_fields", "lineage")
READ = frozenset(
    [
        "datasetProperties",
        "editableDatasetProperties",
        "ownership",
        "schemaMetadata",
        "upstreamLineage",
    ]
)
NO_ENTITY = "this names no dataset urn"
BAD_ASPECT = "the aspect is not JSON"
UNION = frozenset({"string", "boolean", "int", "long", "float", "double", "array", "map"})
_TYPES = re.compile(r"\[(?:version|type|key)=[^\]]*\]\.?")


def read(path: Path, resources: ResourceMap) -> Iterator[Found]:
    """Fields and edges as they come; datasets at the end, when all their aspects are known."""
    datasets: dict[str, tuple[Item, dict[str, Any]]] = {}
    once = Once()
    for item in read_objects(path):
        urn, aspects = _aspects(item)
        reason = item.reason or (None if urn else NO_ENTITY)
        if reason or urn is None or isinstance(aspects, str):
            yield Found(KINDS[0], item.line_no, item.raw[:1000], {}, reason or str(aspects))
            continue
        if not urn.startswith("urn:li:dataset:"):
            continue
        named = resources.name(urn)
        _, values = datasets.setdefault(named, (item, {"dataset_id": named, "name": _short(urn)}))
        for name, aspect in aspects.items():
            if name not in READ:
                values.setdefault("extra", {})[f"aspect.{name}"] = True
                continue
            values |= _properties(name, aspect, resources)
            for row in (
                *_fields(item, named, name, aspect),
                *_edges(item, named, name, aspect, resources),
            ):
                key = row.values.get("edge_id") or f"{named}\x1f{row.values.get('field')}"
                if once.is_new(row.kind, str(key)):
                    yield row
    for item, values in datasets.values():
        yield found("datasets", item, values, **values.pop("extra", {}))


def _aspects(item: Item) -> tuple[str | None, dict[str, Any] | str]:
    """The urn and the aspects of a proposal (one) or of a snapshot (several)."""
    value = item.value
    snapshot = value.get("proposedSnapshot")
    if isinstance(snapshot, dict):
        body = next((part_ for part_ in snapshot.values() if isinstance(part_, dict)), snapshot)
        entries = [entry for entry in items(body.get("aspects")) if isinstance(entry, dict)]
        named = {key.split(".")[-1]: each for entry in entries for key, each in entry.items()}
        return text(body.get("urn")), {
            key[:1].lower() + key[1:]: _plain(each) for key, each in named.items()
        }
    urn, name = text(value.get("entityUrn")), text(value.get("aspectName")) or ""
    aspect = part(value, "aspect", "json") or part(value, "aspect", "value") or value.get("aspect")
    if isinstance(aspect, str):
        try:
            aspect = json.loads(aspect)
        except (ValueError, RecursionError):
            return urn, BAD_ASPECT
    return urn, {name: aspect}


def _plain(value: object) -> object:
    """The value itself where Avro's JSON names the type that a union has: ``{"string": "x"}`` is ``"x"``."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((kind, inner),) = value.items()
        if kind in UNION or kind.startswith("com.linkedin."):
            return _plain(inner)
    return {name: _plain(each) for name, each in value.items()}


def _path(field: str | None) -> str | None:
    """The names of a path of version 2, which also holds the types: ``[type=struct].[type=string].city``."""
    return _TYPES.sub("", field) if field else None


def _short(urn: str) -> str:
    """The name within ``urn:li:dataset:(platform,name,environment)``."""
    parts = urn.removeprefix("urn:li:dataset:(").rstrip(")").split(",")
    return parts[1] if len(parts) > 2 else urn


def _properties(name: str, aspect: object, resources: ResourceMap) -> dict[str, Any]:
    if name == "ownership":
        owner = next((text(part(o, "owner")) for o in items(part(aspect, "owners"))), None)
        person = resources.person(owner) if owner else None
        return {"owner_id": person.id if person else owner} if owner else {}
    if name not in {"datasetProperties", "editableDatasetProperties"}:
        return {}
    created = day(moment(part(aspect, "created", "time")))
    said = {"description": text(part(aspect, "description")), "created_on": created,
            "name": text(part(aspect, "name"))}  # fmt: skip
    return {key: each for key, each in said.items() if each}


def _fields(item: Item, dataset_id: str, name: str, aspect: object) -> Iterator[Found]:
    for field in items(part(aspect, "fields")) if name == "schemaMetadata" else []:
        yield found("dataset_fields", item, {
            "dataset_id": dataset_id, "field": _path(text(part(field, "fieldPath"))),
            "type": part(field, "nativeDataType"), "description": part(field, "description"),
        })  # fmt: skip


def _edges(
    item: Item, dataset_id: str, name: str, aspect: object, resources: ResourceMap
) -> Iterator[Found]:
    for upstream in items(part(aspect, "upstreams")) if name == "upstreamLineage" else []:
        source = text(part(upstream, "dataset"))
        if source:
            recorded = day(moment(part(upstream, "auditStamp", "time")))
            job = text(part(upstream, "type")) or "DataHub"
            yield edge(
                item, ("dataset", resources.name(source)), ("dataset", dataset_id), job, recorded
            )


SYSTEM = System(
    "datahub", "DataHub", KINDS, signs(rb"urn:li:", rb'"aspectName"|"proposedSnapshot"|"entityUrn"'), read,
    "https://datahubproject.io/docs/metadata-modeling/metadata-model",
)  # fmt: skip
