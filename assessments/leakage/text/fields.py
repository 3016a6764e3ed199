"""What a scan found in the fields of a dataset, as rows to land: shapes and counts, never a value.

A finding is proven when more values pass a check digit than chance explains, or when the precision of
its pattern was measured. Anything else is a suspicion that is kept and never counted. Which category of
data a detector stands for is the pack ``detector_categories``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessments.errors import CannotSay
from assessments.leakage.measurement import Measurement
from assessments.leakage.text.detectors import DETECTORS
from assessments.questionnaire import load_pack

COLUMNS = (
    "finding_id", "dataset_id", "field", "scanned_on", "category", "detector", "is_proven", "sampled",
    "matched", "share", "low", "high", "confidence", "masked", "method_version", "data_sha256",
)  # fmt: skip
_MEASURED = {each.name for each in DETECTORS if each.precision}
Row = dict[str, Any]


def field_rows(measured: Measurement, dataset_id: str, scanned_on: date) -> list[Row]:
    """One row a field and detector that met something; a field without any has one row that says so."""
    if "failed" in {measured.power_check.verdict, measured.null_check.verdict}:
        raise CannotSay(
            "The scan did not find what was planted, or found something in nothing",
            "Its findings would not be worth keeping.",
            field="power_check",
        )
    shared = {
        "dataset_id": dataset_id, "scanned_on": scanned_on.isoformat(),
        "confidence": measured.confidence, "method_version": measured.method_version,
        "data_sha256": measured.inputs[0].sha256,
    }  # fmt: skip
    met = [each for each in measured.tables["columns"] if each.get("hits")]
    rows = [shared | _found(each) for each in met]
    clean = set(measured.params["columns"]) - {row["field"] for row in rows}
    rows += [shared | _nothing(field, measured.n or 0) for field in clean]
    return [{"finding_id": _name(row), **row} for row in sorted(rows, key=_key)]


def write_field_rows(rows: Sequence[Row]) -> bytes:
    """A CSV file of the kind field_scans."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(row[name]) for name in COLUMNS} for row in rows)
    return text.getvalue().encode("utf-8")


def _found(each: Mapping[str, Any]) -> Row:
    category = _categories().get(each["kind"])
    is_known = each["proven"] or each["kind"] in _MEASURED
    return {
        "field": each["column"], "category": category, "detector": each["kind"],
        "is_proven": bool(category and is_known),
        "sampled": round(each["rows"] / each["share"]), "matched": each["rows"],
        "share": each["share"], "low": each["share_low"], "high": each["share_high"],
        "masked": next(iter(each["masked"]), None),
    }  # fmt: skip


def _nothing(field: str, sampled: int) -> Row:
    return {
        "field": field, "category": None, "detector": None, "is_proven": False, "sampled": sampled,
        "matched": 0, "share": None, "low": None, "high": None, "masked": None,
    }  # fmt: skip


def _categories() -> Mapping[str, str]:
    return {str(e["id"]): str(e["category"]) for e in load_pack("detector_categories").entries()}


def _key(row: Row) -> tuple[str, str]:
    return row["field"], row["detector"] or ""


def _name(row: Row) -> str:
    """The same scan of the same bytes on the same day is the same finding."""
    parts = (row["dataset_id"], *_key(row), row["scanned_on"], row["data_sha256"])
    return "fs-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _cell(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
