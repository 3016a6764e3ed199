"""Measure one table: every re-identification and disclosure figure, in one contract."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from assessments.leakage.measurement import Check, Estimate, Measurement, stamped
from assessments.leakage.policy import load
from assessments.leakage.reidentification import disclosure, extras, risk, selftest
from assessments.leakage.reidentification.classes import Classes, group, warnings
from assessments.leakage.reidentification.extras import Options
from assessments.leakage.relation import Data, Relation, open_relations

VERSION = "1"
MEMORY = "240MB"
EXACT = Check("not_applicable", "counted from the whole table; nothing is estimated")
ASSUMPTIONS = (
    "The attacker knows the named quasi-identifiers of a person exactly, and that the person is in the table.",
    "Attributes that were not named are taken to be unknown to the attacker.",
    "It does not show what fuzzy matching, or attributes outside the table, would add.",
)


def evaluate(
    data: Data, qis: Sequence[str], sensitive: str | None = None, options: Options | None = None
) -> tuple[Measurement, ...]:
    """Re-identification first; attribute disclosure second when a sensitive attribute is named."""
    options = options or Options()
    started = time.perf_counter()
    tables = (data,) if options.population is None else (data, options.population)
    with open_relations(*tables, memory=MEMORY) as relations:
        classes = group(relations[0], qis, sensitive)
        shared = disclosure.measure(
            classes, ordered=options.ordered, recursive_l=options.recursive_l
        )
        first = stamped(_reidentification(classes, relations[1:], shared, options), started)
        return (
            (first, stamped(_disclosure(classes, first, shared), started))
            if sensitive
            else (first,)
        )


def _reidentification(
    classes: Classes,
    beside: Sequence[Relation],
    shared: dict[str, Estimate],
    options: Options,
) -> Measurement:
    histogram = classes.histogram
    figures = risk.measure(histogram, options.threshold) | shared
    figures |= extras.figures(classes, options, beside[0] if beside else None)
    shown = figures[f"{options.attacker}_risk"].value or 0.0
    severity = risk.severity(shown, histogram.rows)
    tables = extras.tables(classes, options)
    power, null = selftest.checks(classes)
    inputs = (
        classes.relation.source(histogram.rows),
        *(each.source(each.rows()) for each in beside),
    )
    return Measurement(
        channel="reidentification",
        method=f"equivalence classes, {options.attacker}",
        method_version=VERSION,
        value=shown, ci_low=shown, ci_high=shown, confidence=1.0,
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
        seed=options.seed if options.population_size else None,
        caveats=tuple(warnings(classes) + _homogeneity(shared) + extras.advice(tables) + extras.band_note(options)),
        tables=tables,
    )  # fmt: skip


def _disclosure(classes: Classes, first: Measurement, shared: dict[str, Estimate]) -> Measurement:
    smallest = math.floor(1 / load().risk_threshold) + 1
    gain, extent = disclosure.largest_gain(classes, smallest)
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
        results=dict(shared),
        assumptions=ASSUMPTIONS, inputs=first.inputs, params=first.params,
        caveats=first.caveats,
    )  # fmt: skip


def _params(classes: Classes, options: Options) -> dict[str, object]:
    return {
        "quasi_identifiers": [column.name for column in classes.qis],
        "sensitive": classes.sensitive.name if classes.sensitive else None,
        "threshold": options.threshold,
        "attacker": options.attacker,
        "population_size": options.population_size,
        "nulls": "value",
    }


def _homogeneity(figures: dict[str, Estimate]) -> list[str]:
    share = figures.get("homogeneous_records")
    if share is None or not share.value:
        return []
    return [
        f"{share.value:.1%} of the records sit in classes with a single sensitive value: no k protects them."
    ]
