"""Datasets of a Fides manifest: collections and nested fields become fields with dotted names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exchange.fides.manifest import Manifest, text, texts
from assessments.exchange.vocabulary import by_prefix, period, vocabulary
from assessments.questionnaire.packs import load_pack

MAX_FIELDS = 50_000
_DATASET = "fides_key name description collections organization_fides_key retention"
_COLLECTION = "name description fields"
_FIELD = "name description data_categories fields"
_WHY = {
    "data_qualifier": "Fides itself no longer uses it; the masking is asked for here.",
    "data_categories": "Categories are declared for each field here, not for the whole.",
}
NO_CATEGORY = "The manifest declares no category; is it personal data?"
A_PARENT = "A structure without a category of its own; its parts are listed one by one."
NO_COUNTERPART = "No category here stands for this one; choose one in the register."
SEVERAL = "A field has one category here; the most sensitive one is taken."


def add_dataset(manifest: Manifest, place: str, entry: Mapping[str, Any]) -> None:
    """One row for the dataset, one for each field of each collection."""
    key = entry["fides_key"]
    manifest.check_keys(place, entry, _DATASET, _WHY)
    manifest.rows["datasets"].append(
        {
            "dataset_id": key,
            "name": text(entry.get("name")) or key,
            "description": text(entry.get("description")),
            "retention_period": _retention(manifest, place, entry.get("retention")),
        }
    )
    for number, collection in enumerate(_dicts(entry.get("collections"))):
        manifest.count("collections")
        inside = f"{place}.collections[{number}]"
        manifest.check_keys(inside, collection, _COLLECTION, _WHY)
        name = text(collection.get("name")) or str(number)
        _add_fields(manifest, inside, key, name, collection.get("fields"))


def _add_fields(manifest: Manifest, place: str, dataset: str, prefix: str, fields: Any) -> None:
    for number, entry in enumerate(_dicts(fields)):
        inside = f"{place}.fields[{number}]"
        name = f"{prefix}.{text(entry.get('name')) or number}"
        if len(manifest.rows["dataset_fields"]) >= MAX_FIELDS:
            manifest.lose(inside, "further fields", f"At most {MAX_FIELDS} are read from one file.")
            return
        manifest.check_keys(inside, entry, f"{_FIELD} fides_meta", _WHY)
        meta = _skip_meta(manifest, dataset, entry.get("fides_meta"))
        parts = entry.get("fields")
        manifest.rows["dataset_fields"].append(
            {
                "dataset_id": dataset,
                "field": name,
                "type": text(meta.get("data_type")),
                "description": text(entry.get("description")),
                "declared_category": _category(manifest, inside, entry, bool(parts)),
            }
        )
        _add_fields(manifest, inside, dataset, name, parts)


def _category(
    manifest: Manifest, place: str, entry: Mapping[str, Any], is_parent: bool
) -> str | None:
    declared = texts(entry.get("data_categories"))
    where = f"{place}.data_categories"
    if not declared:
        manifest.lose(where, "no category", A_PARENT if is_parent else NO_CATEGORY)
        manifest.count("structures" if is_parent else "fields_without_category")
        return None
    found = our_categories(manifest, where, declared)
    if len(found) > 1:
        manifest.lose(where, ", ".join(found[1:]), SEVERAL)
    return found[0] if found else None


def our_categories(manifest: Manifest, where: str, declared: Sequence[str]) -> list[str]:
    """Our categories for theirs, special ones first, then personal ones."""
    table = vocabulary("fides")["categories"]
    found: dict[str, None] = {}
    for key in declared:
        ours = by_prefix(table, key)
        if ours is None:
            manifest.lose(where, key, NO_COUNTERPART)
        else:
            found[ours] = None
    return sorted(found, key=_insensitivity)


def _insensitivity(category: str) -> int:
    known = {item["id"]: item for item in load_pack("data_categories").entries()}
    item = known[category]
    return 0 if item["special"] else 1 if item["personal"] else 2


def _skip_meta(manifest: Manifest, dataset: str, meta: Any) -> Mapping[str, Any]:
    """The engine's settings of a field; what is not taken is counted once for the dataset."""
    found = meta if isinstance(meta, dict) else {}
    for name in found:
        if name != "data_type":
            manifest.skip(f"dataset {dataset}: fides_meta.{name}")
    return found


def _retention(manifest: Manifest, place: str, value: Any) -> str | None:
    words = text(value)
    found = period(words) if words else None
    if words and found is None:
        manifest.lose(f"{place}.retention", "a text", "It names no single period of time.")
    return found


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
