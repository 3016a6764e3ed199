"""Systems of a Fides manifest; each privacy declaration of a system is a processing activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.exchange.fides.datasets import our_categories
from assessments.exchange.fides.manifest import Manifest, Use, text, texts
from assessments.exchange.registers import identifier
from assessments.exchange.vocabulary import period, vocabulary

_SYSTEM = "fides_key name description system_type privacy_declarations organization_fides_key"
_DECLARATION = (
    "name data_use data_categories data_subjects dataset_references legal_basis_for_processing "
    "special_category_legal_basis retention_period third_parties"
)
_WHY = {
    "administrating_department": "A register entry is owned by a person; a department is none.",
    "egress": "Flows between systems have no register; lineage here links datasets and models.",
    "ingress": "Flows between systems have no register; lineage here links datasets and models.",
}
_KIND = "system_type"


def add_system(manifest: Manifest, place: str, entry: Mapping[str, Any]) -> None:
    """One row for the system, one activity and purpose for each declaration."""
    key = entry["fides_key"]
    manifest.check_keys(place, entry, _SYSTEM, _WHY)
    manifest.rows["systems"].append(
        {
            "system_id": key,
            "name": text(entry.get("name")) or key,
            "description": text(entry.get("description")),
            "kind": _kind(manifest, place, text(entry.get(_KIND))),
        }
    )
    declarations = entry.get("privacy_declarations")
    for number, declared in enumerate(declarations if isinstance(declarations, list) else []):
        if isinstance(declared, dict):
            inside = f"{place}.privacy_declarations[{number}]"
            _add_declaration(manifest, inside, entry, declared, number)


def _kind(manifest: Manifest, place: str, words: str) -> str | None:
    found: str | None = vocabulary("fides")["system_kinds"].get(words.lower())
    if words and found is None:
        manifest.lose(f"{place}.{_KIND}", words, "No kind of system here stands for it.")
    return found


def _add_declaration(
    manifest: Manifest, place: str, system: Mapping[str, Any], entry: Mapping[str, Any], number: int
) -> None:
    manifest.count("privacy_declarations")
    manifest.check_keys(place, entry, _DECLARATION, {})
    key, use = system["fides_key"], text(entry.get("data_use"))
    basis = _basis(manifest, place, text(entry.get("legal_basis_for_processing")))
    subjects = texts(entry.get("data_subjects"))
    activity_id = identifier(f"{key}-{use or number}")
    if any(row["activity_id"] == activity_id for row in manifest.rows["processing_activities"]):
        activity_id = f"{activity_id}-{number + 1}"
    manifest.rows["processing_activities"].append(
        {
            "activity_id": activity_id,
            "name": text(entry.get("name")) or f"{text(system.get('name')) or key}: {use}",
            "description": text(system.get("description")),
            "purposes": [use] if use else [],
            "lawful_basis": basis,
            "special_category_condition": text(entry.get("special_category_legal_basis")),
            "data_subjects": subjects,
            "data_categories": _categories(manifest, place, entry),
            "recipients": [text(entry.get("third_parties"))] if entry.get("third_parties") else [],
            "retention_period": _retention(manifest, place, entry),
        }
    )
    if use:
        _add_purpose(manifest, use, basis)
    for dataset in texts(entry.get("dataset_references")):
        found = Use(place, key, activity_id, use, tuple(subjects))
        manifest.uses.setdefault(dataset, []).append(found)


def _add_purpose(manifest: Manifest, use: str, basis: str | None) -> None:
    """A purpose once; its basis only where all declarations agree."""
    for row in manifest.rows["purposes"]:
        if row["purpose_id"] == use:
            row["lawful_basis"] = basis if row["lawful_basis"] == basis else None
            return
    manifest.rows["purposes"].append({"purpose_id": use, "name": use, "lawful_basis": basis})


def _categories(manifest: Manifest, place: str, entry: Mapping[str, Any]) -> list[str]:
    declared = texts(entry.get("data_categories"))
    where = f"{place}.data_categories"
    if not declared:
        manifest.lose(where, "no category", "The declaration names no categories of data.")
        manifest.count("declarations_without_category")
    return our_categories(manifest, where, declared)


def _basis(manifest: Manifest, place: str, words: str) -> str | None:
    found: str | None = vocabulary("fides")["lawful_bases"].get(words.lower())
    if words and found is None:
        where = f"{place}.legal_basis_for_processing"
        manifest.lose(where, words, "It is none of the bases of GDPR Art. 6(1).")
    return found


def _retention(manifest: Manifest, place: str, entry: Mapping[str, Any]) -> str | None:
    words = str(entry.get("retention_period") or "")
    found = period(words) if words else None
    if words and found is None:
        manifest.lose(f"{place}.retention_period", "a text", "It names no single period of time.")
    return found
