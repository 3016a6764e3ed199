"""The taxonomy of Fides as CSV: uses become purposes; categories show what they map to here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.exchange.fides.datasets import NO_COUNTERPART
from assessments.exchange.frame import ForeignFile, Reading
from assessments.exchange.loss import Loss
from assessments.exchange.registers import gaps
from assessments.exchange.sheets import read_sheets, table_at
from assessments.exchange.vocabulary import by_prefix, vocabulary

_ROOTS = ("data_category", "data_use", "data_subject")
_TAKEN = {"fides_key", "name", "description", "parent_key", "is_default"}
A_ROOT = "The root of the tree stands for no entry."
NO_REGISTER = "There is no register of data subjects; activities name theirs in words."


def is_taxonomy(file: ForeignFile) -> bool:
    """A CSV whose header names fides_key and parent_key."""
    header = file.data[:600].split(b"\n", 1)[0]
    named = file.place.lower().endswith(".csv")
    return named and b"fides_key" in header and b"parent_key" in header


def read_taxonomy(file: ForeignFile) -> Reading:
    """Purposes from uses; of categories, those without a counterpart here."""
    header, rows = table_at(read_sheets(file.data, file.place)[0])
    entries = [(n, dict(zip(header, cells, strict=False))) for n, cells in rows]
    root = next((e["fides_key"] for _, e in entries if e.get("fides_key") in _ROOTS), "")
    losses = [Loss(f"line {n}", root, A_ROOT) for n, e in entries if e.get("fides_key") in _ROOTS]
    real = [(n, e) for n, e in entries if e.get("fides_key") and e["fides_key"] not in _ROOTS]
    losses += _column_losses(header, real)
    purposes = [_purpose(e) for _, e in real] if root == "data_use" else []
    if root == "data_category":
        losses += _unmapped(real)
    if root == "data_subject":
        losses += [Loss("data_subject", f"{len(real)} entries", NO_REGISTER)]
    registers = {"purposes": purposes} if purposes else {}
    return Reading(
        title=f"Fides taxonomy: {file.place}", source="Fides taxonomy", registers=registers,
        counts={root or "entries": len(real), **({"purposes": len(purposes)} if purposes else {})},
        losses=(*losses, *gaps("purposes", purposes)),
    )  # fmt: skip


def _purpose(entry: Mapping[str, str]) -> dict[str, Any]:
    return {
        "purpose_id": entry["fides_key"],
        "name": entry.get("name") or entry["fides_key"],
        "description": entry.get("description") or "",
    }


def _unmapped(entries: Sequence[tuple[int, Mapping[str, str]]]) -> list[Loss]:
    table = vocabulary("fides")["categories"]
    return [
        Loss(f"line {n}", entry["fides_key"], NO_COUNTERPART)
        for n, entry in entries
        if by_prefix(table, entry["fides_key"]) is None
    ]


def _column_losses(
    header: Sequence[str], entries: Sequence[tuple[int, Mapping[str, str]]]
) -> list[Loss]:
    """One loss for each column that holds something and has no place."""
    counts = {name: sum(1 for _, e in entries if e.get(name)) for name in header if name}
    return [
        Loss(f"column {name}", f"{n} values", "This column has no place here; the file is kept.")
        for name, n in counts.items()
        if n and name not in _TAKEN
    ]
