"""dbt artifacts: ``manifest.json`` (what is built from what) and ``catalog.json`` (what the warehouse has).

A model, seed, snapshot or source is a dataset, named database.schema.alias, or as the resource map names
it. What dbt has no field for is read from ``meta`` under the names of the contract, such as ``owner_id``,
``retention_period``, ``classification`` and, of a column, ``declared_category``. Unknown names in ``meta``
are reported. An ephemeral model is no dataset; what it reads flows on to what reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.exports.systems.events import items, part, text
from dashboard.exports.systems.inventory import day, document, edge, found
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs
from dashboard.exports.systems.whole import read_whole

KINDS = ("lineage", "datasets", "dataset_fields")
BUILT = frozenset({"model", "seed", "snapshot"})
DATASET_META = [
    "system_id",
    "owner_id",
    "activity_id",
    "project_ids",
    "purposes",
    "data_subjects",
    "classification",
    "retention_period",
    "created_on",
    "retired_on",
    "origin",
    "source_vendor_id",
    "masking",
]
NO_NODES = "the artifact has no nodes"
Node = Mapping[str, Any]


def make_manifest(item: Item, resources: ResourceMap) -> Iterator[Found] | str:
    """The rows of a manifest."""
    nodes = {**_nodes(item, "nodes"), **_nodes(item, "sources")}
    return _manifest(item, nodes, resources) if nodes else NO_NODES


def make_catalog(item: Item, resources: ResourceMap) -> Iterator[Found] | str:
    """The rows of a catalog: datasets and their columns with types."""
    nodes = {**_nodes(item, "nodes"), **_nodes(item, "sources")}
    return _catalog(item, nodes, resources) if nodes else NO_NODES


def _nodes(item: Item, name: str) -> dict[str, Node]:
    nodes = item.value.get(name)
    entries = nodes.items() if isinstance(nodes, dict) else ()
    return {key: node for key, node in entries if isinstance(node, dict)}


def _manifest(item: Item, nodes: Mapping[str, Node], resources: ResourceMap) -> Iterator[Found]:
    recorded = day(part(item.value, "metadata", "generated_at"))
    datasets = {key: node for key, node in nodes.items() if _is_dataset(node)}
    for key, node in datasets.items():
        target = _name(node, resources)
        at = Item(1, key, {})
        yield _dataset(at, node, target)
        for column in _columns(node):
            yield _field(at, target, column)
        for parent in sorted(_parents(key, nodes, frozenset())):
            source = _name(nodes[parent], resources)
            yield edge(at, ("dataset", source), ("dataset", target), key, recorded)


def _is_dataset(node: Node) -> bool:
    type_ = text(node.get("resource_type"))
    is_built = type_ in BUILT and part(node, "config", "materialized") != "ephemeral"
    return type_ == "source" or is_built


def _parents(key: str, nodes: Mapping[str, Node], trail: frozenset[str]) -> set[str]:
    """The datasets that a node reads, through ephemeral models."""
    found_: set[str] = set()
    for parent in map(str, items(part(nodes[key], "depends_on", "nodes"))):
        if parent not in nodes or parent in trail:
            continue
        is_dataset = _is_dataset(nodes[parent])
        found_ |= {parent} if is_dataset else _parents(parent, nodes, trail | {parent})
    return found_


def _name(node: Node, resources: ResourceMap) -> str:
    named = node.get("alias") or node.get("identifier") or node.get("name")
    parts = (node.get("database"), node.get("schema"), named)
    return resources.name(".".join(str(part_) for part_ in parts if part_))


def _meta(node: Node) -> dict[str, Any]:
    nested = part(node, "config", "meta")
    return {
        **(nested if isinstance(nested, dict) else {}),
        **(node["meta"] if isinstance(node.get("meta"), dict) else {}),
    }


def _dataset(item: Item, node: Node, dataset_id: str) -> Found:
    meta = _meta(node)
    origin = "derived" if node.get("resource_type") in {"model", "snapshot"} else None
    known = {name: meta.pop(name) for name in DATASET_META if name in meta}
    values = {
        "dataset_id": dataset_id, "name": node.get("name"), "description": node.get("description"),
        "origin": origin,
    }  # fmt: skip
    return found(
        "datasets", item, values | known, **{f"meta.{name}": v for name, v in meta.items()}
    )


def _columns(node: Node) -> list[Node]:
    columns = node.get("columns")
    return [c for c in columns.values() if isinstance(c, dict)] if isinstance(columns, dict) else []


def _field(item: Item, dataset_id: str, column: Node) -> Found:
    meta = _meta(column)
    category = meta.pop("declared_category", None)
    return found(
        "dataset_fields", item,
        {
            "dataset_id": dataset_id, "field": column.get("name"),
            "type": column.get("data_type") or column.get("type"),
            "description": column.get("description") or column.get("comment"),
            "declared_category": category,
        },
        **{f"meta.{name}": v for name, v in meta.items()},
    )  # fmt: skip


def _catalog(item: Item, nodes: Mapping[str, Node], resources: ResourceMap) -> Iterator[Found]:
    for key, node in nodes.items():
        meta, at = node.get("metadata"), Item(1, key, {})
        names = [text(part(meta, name)) for name in ("database", "schema", "name")]
        dataset_id = resources.name(".".join(filter(None, names)))
        values = {
            "dataset_id": dataset_id, "name": names[2], "description": text(part(meta, "comment")),
        }  # fmt: skip
        yield found("datasets", at, values)
        for column in _columns(node):
            yield _field(at, dataset_id, column)


MANIFEST = System(
    "dbt_manifest", "dbt manifest", KINDS, signs(rb"schemas\.getdbt\.com/dbt/manifest"),
    document(KINDS, read_whole, make_manifest),
    "https://docs.getdbt.com/reference/artifacts/manifest-json",
)  # fmt: skip
CATALOG = System(
    "dbt_catalog", "dbt catalog", KINDS[1:], signs(rb"schemas\.getdbt\.com/dbt/catalog"),
    document(KINDS[1:], read_whole, make_catalog),
    "https://docs.getdbt.com/reference/artifacts/catalog-json",
)  # fmt: skip
