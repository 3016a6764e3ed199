"""Croissant dataset cards (MLCommons Croissant 1.0 and 1.1, JSON-LD): a dataset and its fields.

The fields are those of every record set. Croissant says who published a dataset and under which
licence, not who answers for it here: that comes from the resource map's ``fill``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.exports.systems.events import part, text
from dashboard.exports.systems.inventory import as_text, day, document, found
from dashboard.exports.systems.objects import Item
from dashboard.exports.systems.resources import ResourceMap
from dashboard.exports.systems.system import Found, System, signs
from dashboard.exports.systems.whole import read_whole

KINDS = ("datasets", "dataset_fields")
KNOWN = frozenset(
    [
        "@context",
        "@type",
        "@id",
        "@graph",
        "name",
        "description",
        "conformsTo",
        "citeAs",
        "license",
        "url",
        "version",
        "distribution",
        "recordSet",
        "creator",
        "publisher",
        "datePublished",
        "dateModified",
        "dateCreated",
        "keywords",
        "inLanguage",
        "sameAs",
        "isLiveDataset",
        "sdVersion",
        "alternateName",
    ]
)
NO_CARD = "this is not a Croissant card: it has no name"


def make(item: Item, resources: ResourceMap) -> Iterator[Found] | str:
    """The rows of a card."""
    name = text(item.value.get("name"))
    return _rows(item, name, resources) if name else NO_CARD


def _rows(item: Item, name: str, resources: ResourceMap) -> Iterator[Found]:
    value = item.value
    dataset_id = resources.name(text(value.get("url")) or name)
    extra = {key: found_ for key, found_ in value.items() if key not in KNOWN}
    values = {
        "dataset_id": dataset_id, "name": name, "description": value.get("description"),
        "created_on": day(value.get("dateCreated")) or day(value.get("datePublished")),
    }  # fmt: skip
    yield found("datasets", item, values, **extra)
    for record_set in _list(value.get("recordSet")):
        set_name = text(record_set.get("name")) or text(record_set.get("@id")) or ""
        for field in _list(record_set.get("field")):
            yield _field(item, dataset_id, set_name, field)


def _field(item: Item, dataset_id: str, set_name: str, field: Mapping[str, Any]) -> Found:
    """A field is named by its record set and its name; an ``@id`` has both already."""
    name = text(field.get("@id")) or f"{set_name}/{text(field.get('name')) or ''}"
    types = [text(each) or text(part(each, "@id")) for each in _all(field.get("dataType"))]
    about = field.get("description")
    return found("dataset_fields", item, {
        "dataset_id": dataset_id, "field": name, "type": ", ".join(filter(None, types)),
        "description": as_text(about),
    })  # fmt: skip


def _all(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _list(value: object) -> list[dict[str, Any]]:
    return [each for each in _all(value) if isinstance(each, dict)]


SYSTEM = System(
    "croissant", "Croissant", KINDS, signs(rb"mlcommons\.org/croissant"),
    document(KINDS, read_whole, make), "https://docs.mlcommons.org/croissant/docs/croissant-spec.html",
)  # fmt: skip
