"""Fides manifests (YAML or JSON): systems, datasets, fields and declarations, for the inventory.

Fides says which categories a field holds, but seldom how long data is kept, who owns it or on which
basis it is used. What is not said is reported as missing and stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assessments.errors import BadInput
from assessments.exchange.fides.datasets import add_dataset
from assessments.exchange.fides.manifest import Manifest
from assessments.exchange.fides.systems import add_system
from assessments.exchange.fides.taxonomy import is_taxonomy, read_taxonomy
from assessments.exchange.frame import ForeignFile, Format, Reading
from assessments.exchange.registers import gaps
from assessments.questionnaire.document import read_document

SOURCE = "Fides"
KINDS = ("system", "dataset", "organization", "policy", "data_category", "data_use", "data_subject")
_RESOURCE = re.compile(rb"^(system|dataset|organization|policy|data_\w+)\s*:", re.MULTILINE)
_NO_PLACE = {
    "organization": "There is no register of organisations; the file is kept. "
    "Name the controller with the Art. 30 register.",
    "policy": "Fides checks its policies in a pipeline; KPIs and the gate do that here.",
}


def recognise(file: ForeignFile) -> bool:
    """A mapping of lists whose entries have a fides_key, or a table of the taxonomy."""
    if file.content is not None:
        return _is_manifest(file.content)
    if file.place.lower().endswith((".yml", ".yaml")):
        return b"fides_key" in file.data and bool(_RESOURCE.search(file.data))
    return is_taxonomy(file)


def read(file: ForeignFile) -> Sequence[Reading]:
    """One reading for a manifest: rows of registers, and everything that had no place."""
    if is_taxonomy(file):
        return [read_taxonomy(file)]
    content = file.content
    if content is None:
        content = read_document(file.data, file.place).content
    if not _is_manifest(content):
        raise BadInput("This is no Fides manifest", where={"file": file.place})
    manifest = Manifest(place=file.place)
    for kind, entries in content.items():
        _add(manifest, str(kind), entries)
    _place_datasets(manifest)
    return [_reading(manifest)]


def _is_manifest(content: Any) -> bool:
    return isinstance(content, dict) and any(
        isinstance(content.get(kind), list)
        and any(isinstance(entry, dict) and "fides_key" in entry for entry in content[kind])
        for kind in KINDS
    )


def _add(manifest: Manifest, kind: str, entries: Any) -> None:
    if not isinstance(entries, list):
        manifest.lose(kind, "a section", "A list of entries was expected; the original is kept.")
        return
    for number, entry in enumerate(entries):
        place = f"{kind}[{number}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("fides_key"), str):
            manifest.lose(place, "an entry without fides_key", "Nothing can refer to it.")
            continue
        manifest.counts[kind] = manifest.counts.get(kind, 0) + 1
        if kind == "dataset":
            add_dataset(manifest, place, entry)
        elif kind == "system":
            add_system(manifest, place, entry)
        else:
            why = _NO_PLACE.get(kind, "This kind of entry has no register here.")
            manifest.lose(place, f"{kind} {entry['fides_key']}", why)


def _place_datasets(manifest: Manifest) -> None:
    """Give a dataset the system, activities and purposes of the declarations that refer to it."""
    for row in manifest.rows["datasets"]:
        uses = manifest.uses.pop(row["dataset_id"], [])
        systems = list(dict.fromkeys(use.system_id for use in uses))
        activities = list(dict.fromkeys(use.activity_id for use in uses))
        row["system_id"] = systems[0] if len(systems) == 1 else None
        row["activity_id"] = activities[0] if len(activities) == 1 else None
        row["purposes"] = list(dict.fromkeys(use.purpose_id for use in uses))
        row["data_subjects"] = list(dict.fromkeys(s for use in uses for s in use.data_subjects))
    for dataset, uses in manifest.uses.items():
        what = f"dataset_references: {dataset}"
        manifest.lose(uses[0].place, what, "The file does not describe this dataset.")


def _reading(manifest: Manifest) -> Reading:
    missing = [loss for kind, rows in manifest.rows.items() for loss in gaps(kind, rows)]
    registers = {kind: rows for kind, rows in manifest.rows.items() if rows}
    counts = {**manifest.counts, **{kind: len(rows) for kind, rows in registers.items()}}
    return Reading(
        title=f"{SOURCE}: {manifest.place}", source=SOURCE, counts=counts, registers=registers,
        losses=(*manifest.all_losses(), *missing),
    )  # fmt: skip


FORMAT = Format("fides", "Fides manifest", recognise, read)
