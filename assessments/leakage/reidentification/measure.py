"""Measure one table: every re-identification and disclosure figure, in one contract."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.errors import BadInput
from assessments.leakage.measurement import (
    Check,
    Estimate,
    Measurement,
    code_digest,
    input_digest,
    peak_mb,
)
from assessments.leakage.policy import load
from assessments.leakage.reidentification import disclosure, risk, selftest
from assessments.leakage.reidentification.classes import Classes, group, warnings
from assessments.leakage.relation import Data, open_relation

VERSION = "1"
EXACT = Check("not_applicable", "counted from the whole table; nothing is estimated")
ASSUMPTIONS = (
    "The attacker knows the named quasi-identifiers of a person exactly, and that the person is in the table.",
    "Attributes that were not named are taken to be unknown to the attacker.",
    "It does not show what fuzzy matching, or attributes outside the table, would add.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure: the threshold for records at risk, and how the sensitive values compare."""

    threshold: float = risk.DEFAULT_THRESHOLD
    ordered: bool | None = None
    recursive_l: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise BadInput("A risk threshold lies above 0 and at most at 1.", field="threshold")


def evaluate(
    data: Data, qis: Sequence[str], sensitive: str | None = None, options: Options | None = None
) -> tuple[Measurement, ...]:
    """Re-identification first; attribute disclosure second when a sensitive attribute is named."""
    options = options or Options()
    started = time.perf_counter()
    with open_relation(data) as relation:
        classes = group(relation, qis, sensitive)
        shared = disclosure.measure(
            classes, ordered=options.ordered, recursive_l=options.recursive_l
        )
        first = _reidentification(classes, shared, options, started)
        return (first, _disclosure(classes, first, options)) if sensitive else (first,)


def _reidentification(
    classes: Classes, shared: dict[str, Estimate], options: Options, started: float
) -> Measurement:
    histogram = classes.histogram
    figures = risk.measure(histogram, options.threshold) | shared
    prosecutor = 1 / histogram.k
    severity = risk.severity(prosecutor, histogram.rows)
    power, null = selftest.checks(classes)
    inputs = (classes.relation.source(histogram.rows),)
    return Measurement(
        channel="reidentification",
        method="equivalence classes, prosecutor",
        method_version=VERSION,
        value=prosecutor, ci_low=prosecutor, ci_high=prosecutor, confidence=1.0,
        n=histogram.rows,
        baseline=1 / histogram.rows,
        baseline_kind="a record picked blindly",
        severity=severity, severity_high=severity,
        extent=risk.at_risk(histogram, load().risk_threshold),
        status="measured",
        power_check=power, null_check=null,
        results=figures,
        assumptions=ASSUMPTIONS,
        inputs=inputs,
        params=_params(classes, options),
        input_digest=input_digest(inputs), code_digest=code_digest(),
        seconds=time.perf_counter() - started, peak_mb=peak_mb(),
        caveats=tuple(warnings(classes) + _homogeneity(shared)),
        tables={"class_sizes": _sizes(classes)},
    )  # fmt: skip


def _disclosure(classes: Classes, first: Measurement, options: Options) -> Measurement:
    smallest = math.floor(1 / load().risk_threshold) + 1
    gain, extent = disclosure.largest_gain(classes, smallest)
    names = set(first.results) - set(risk.measure(classes.histogram, options.threshold))
    return Measurement(
        channel="attribute_disclosure",
        method=f"largest gain in classes of {smallest} or more",
        method_version=VERSION,
        value=gain, ci_low=gain, ci_high=gain, confidence=1.0,
        n=first.n,
        baseline=0.0, baseline_kind="the share of the value in the whole table",
        severity=gain, severity_high=gain, extent=extent,
        status="measured",
        power_check=EXACT, null_check=EXACT,
        results={name: first.results[name] for name in first.results if name in names},
        assumptions=ASSUMPTIONS, inputs=first.inputs, params=first.params,
        input_digest=first.input_digest, code_digest=first.code_digest,
        seconds=first.seconds, peak_mb=first.peak_mb, caveats=first.caveats,
    )  # fmt: skip


def _params(classes: Classes, options: Options) -> dict[str, object]:
    return {
        "quasi_identifiers": [column.name for column in classes.qis],
        "sensitive": classes.sensitive.name if classes.sensitive else None,
        "threshold": options.threshold,
        "nulls": "value",
    }


def _homogeneity(figures: dict[str, Estimate]) -> list[str]:
    share = figures.get("homogeneous_records")
    if share is None or not share.value:
        return []
    return [
        f"{share.value:.1%} of the records sit in classes with a single sensitive value: no k protects them."
    ]


def _sizes(classes: Classes) -> tuple[dict[str, int], ...]:
    pairs = zip(classes.histogram.sizes.tolist(), classes.histogram.counts.tolist(), strict=True)
    return tuple({"size": size, "classes": count} for size, count in pairs)
