"""From a measurement to the row that the warehouse lands, so that a result can close a gate.

The input is the documented JSON of a measurement (``measurement.schema.json``), from ``privacy
leakage ... --json`` or from a build elsewhere; the output is a file of the export kind
``leakage_results``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import jsonschema

from assessments.errors import BadInput, CannotSay
from assessments.leakage.measurement import RESULT_SCHEMA

COLUMNS = (
    "result_id", "subject_kind", "subject_id", "channel", "measure", "method", "method_version",
    "value", "low", "high", "confidence", "n", "severity", "extent", "power_check", "null_check",
    "measured_on", "data_sha256", "code_sha256", "status",
)  # fmt: skip
SUBJECTS = ("model", "dataset")
_CHANNELS = {"membership_audit": "membership"}
_LARGEST = 16 * 1024 * 1024


def read_result(data: bytes, file: str) -> dict[str, Any]:
    """A measurement's JSON, held to its schema; BadInput names the field."""
    if len(data) > _LARGEST:
        raise BadInput("The result file is too large", where={"file": file})
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput("The result file is not JSON", where={"file": file}) from error
    problem = jsonschema.exceptions.best_match(_validator().iter_errors(content))
    if problem is not None:
        field = ".".join(str(part) for part in problem.absolute_path) or None
        raise BadInput("The result does not fit its schema", problem.message[:300], field=field,
                       where={"file": file})  # fmt: skip
    return dict(content)


def as_row(
    result: Mapping[str, Any], subject_kind: str, subject_id: str, measured_on: date
) -> dict[str, Any]:
    """The row of one result; CannotSay when it demonstrates nothing, since grey is not 0.

    It counts (``valid``) only when it measured, found the planted leak and was silent on the null,
    as far as the method allows these checks.
    """
    if subject_kind not in SUBJECTS:
        raise BadInput("A result is about a model or a dataset", field="subject")
    if result["severity"] is None or result["value"] is None:
        raise CannotSay(
            f"The {result['measure']} result shows nothing that could be landed",
            "It is inconclusive. Measure with more records; not measured is not 0.",
            field="severity",
        )
    low = result["value"] if result.get("ci_low") is None else result["ci_low"]
    high = result["value"] if result.get("ci_high") is None else result["ci_high"]
    row = {
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "channel": _CHANNELS.get(result["channel"], result["channel"]),
        "measure": _headline(result),
        "method": result["method"],
        "method_version": result["method_version"],
        "value": result["value"],
        "low": min(low, result["value"]),
        "high": max(high, result["value"]),
        "confidence": result["confidence"],
        "n": result["n"],
        "severity": result["severity"],
        "extent": result.get("extent"),
        "power_check": _check(result["power_check"]),
        "null_check": _check(result["null_check"]),
        "measured_on": measured_on.isoformat(),
        "data_sha256": _digest(result.get("input_digest"), [s["sha256"] for s in result["inputs"]]),
        "code_sha256": _digest(result.get("code_digest"), [result["method"], result["method_version"]]),
        "status": "valid" if _counts(result) else "invalid",
    }  # fmt: skip
    key = json.dumps(row, sort_keys=True).encode()
    return {"result_id": f"lr-{hashlib.sha256(key).hexdigest()[:16]}"} | row


def write_rows(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The rows as CSV of the kind ``leakage_results``."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: "" if row[name] is None else row[name] for name in COLUMNS} for row in rows
    )
    return out.getvalue().encode()


def _headline(result: Mapping[str, Any]) -> str:
    """The figure's name in the literature; the measure's own where no figure is the headline."""
    named = result["results"].items()
    found = [name for name, figure in named if figure["value"] == result["value"]]
    return str(found[0] if found else result["measure"])


def _check(check: Mapping[str, Any]) -> str:
    return "not_run" if check["verdict"] == "not_applicable" else str(check["verdict"])


def _counts(result: Mapping[str, Any]) -> bool:
    checks = {result[name]["verdict"] for name in ("power_check", "null_check")}
    return result["status"] == "measured" and checks <= {"passed", "not_applicable"}


def _digest(given: Any, parts: Sequence[str]) -> str:
    text = str(given or "")
    if len(text) == 64 and all(c in "0123456789abcdef" for c in text):
        return text
    return parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(RESULT_SCHEMA.read_text("utf-8")))
