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
import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import jsonschema

from assessments.errors import BadInput, CannotSay
from assessments.leakage.measurement import RESULT_SCHEMA, SCHEMA

COLUMNS = (
    "result_id", "subject_kind", "subject_id", "channel", "measure", "method", "method_version",
    "value", "low", "high", "confidence", "n", "severity", "extent", "power_check", "null_check",
    "measured_on", "data_sha256", "code_sha256", "status",
)  # fmt: skip
SUBJECTS = ("model", "dataset")
_CHANNELS = {"attribute_disclosure": "attribute"}
REFUTED = "epsilon_above_accounted"
"""The measure of an audit that found more than the accounted epsilon: the gate closes on it."""
_LARGEST = 16 * 1024 * 1024


def read_result(data: bytes, file: str) -> dict[str, Any]:
    """A measurement's JSON, held to its schema; BadInput names the field."""
    if len(data) > _LARGEST:
        raise BadInput("The result file is too large", where={"file": file})
    content = _parse(data, file)
    _check(content, file)
    return dict(content)


def read_parts(data: bytes, file: str) -> dict[str, dict[str, Any]]:
    """The measurement of a file under an empty name, and those that it carries beside it.

    ``privacy leakage ... --json`` puts further channels of the same run under their own names.
    """
    main = read_result(data, file)
    beside = {
        name: each
        for name, each in main.items()
        if isinstance(each, dict) and each.get("schema") == SCHEMA
    }
    for name, each in beside.items():
        _check(each, file, f"{name}.")
    return {"": {name: each for name, each in main.items() if name not in beside}, **beside}


def channel_of(result: Mapping[str, Any]) -> str:
    """The channel as exports of results name it."""
    return str(_CHANNELS.get(result["channel"], result["channel"]))


def _check(content: Any, file: str, under: str = "") -> None:
    problem = jsonschema.exceptions.best_match(_validator().iter_errors(content))
    if problem is not None:
        place = under + ".".join(str(part) for part in problem.absolute_path)
        raise BadInput("The result does not fit its schema", problem.message[:300], field=place or None,
                       where={"file": file})  # fmt: skip
    low, high = content["severity"], content["severity_high"]
    if low is not None and high is not None and low > high:
        raise BadInput("The severity is above its own upper end", f"{low:g} is above {high:g}.",
                       field=f"{under}severity", where={"file": file})  # fmt: skip


def _parse(data: bytes, file: str) -> Any:
    """JSON as the standard has it: no NaN, no number beyond a double, no name twice (RFC 8259)."""
    try:
        return json.loads(
            data, parse_constant=_refuse, parse_float=_number, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _NotPlainError) else ""
        raise BadInput("The result file is not JSON", reason, where={"file": file}) from error


class _NotPlainError(ValueError):
    """Readers of JSON would not agree on what this says."""


def _refuse(name: str) -> float:
    raise _NotPlainError(f"{name} is no number in JSON.")


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text[:20])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotPlainError("A name occurs twice in one object.")
    return found


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
        "channel": channel_of(result),
        "measure": headline(result),
        "method": result["method"],
        "method_version": result["method_version"],
        "value": result["value"],
        "low": min(low, result["value"]),
        "high": max(high, result["value"]),
        "confidence": result["confidence"],
        "n": result["n"],
        "severity": result["severity"],
        "extent": result.get("extent"),
        "power_check": check_word(result["power_check"]),
        "null_check": check_word(result["null_check"]),
        "measured_on": measured_on.isoformat(),
        "data_sha256": data_digest(result),
        "code_sha256": code_digest(result),
        "status": "valid" if is_evidence(result) else "invalid",
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


def headline(result: Mapping[str, Any]) -> str:
    """The figure's name in the literature; the measure's own where no figure is the headline.

    A refuted accounting is the headline wherever it stands.
    """
    if result["results"].get("exceeds_accounted_epsilon", {}).get("value") == 1:
        return REFUTED
    named = result["results"].items()
    found = [name for name, figure in named if figure["value"] == result["value"]]
    return str(found[0] if found else result["measure"])


def check_word(check: Mapping[str, Any]) -> str:
    """The verdict as exports have it."""
    return "not_run" if check["verdict"] == "not_applicable" else str(check["verdict"])


def is_evidence(result: Mapping[str, Any]) -> bool:
    """Measured, with the planted leak found and the null silent as far as the method allows."""
    checks = {result[name]["verdict"] for name in ("power_check", "null_check")}
    return result["status"] == "measured" and checks <= {"passed", "not_applicable"}


def data_digest(result: Mapping[str, Any]) -> str:
    """Which data were measured."""
    return _digest(result.get("input_digest"), [each["sha256"] for each in result["inputs"]])


def code_digest(result: Mapping[str, Any]) -> str:
    """Which program measured; for a build elsewhere that does not say, its method and version."""
    return _digest(result.get("code_digest"), [result["method"], result["method_version"]])


def _digest(given: Any, parts: Sequence[str]) -> str:
    text = str(given or "")
    if len(text) == 64 and all(c in "0123456789abcdef" for c in text):
        return text
    return parts[0] if len(parts) == 1 else hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(json.loads(RESULT_SCHEMA.read_text("utf-8")))
