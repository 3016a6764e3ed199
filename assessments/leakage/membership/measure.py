"""Measure membership inference: all attacks that the signals allow, in the one result contract."""

from __future__ import annotations

import time

import numpy as np

from assessments.errors import BadInput
from assessments.leakage.measurement import Check, Measurement, Source, stamped
from assessments.leakage.membership import attacks, figures, selftest, subgroups
from assessments.leakage.membership.exposure import Exposure, demonstrate, split
from assessments.leakage.membership.figures import Options
from assessments.leakage.membership.reading import Given, read
from assessments.leakage.membership.signals import Floats, Signals

VERSION = "1"
ASSUMPTIONS = (
    "The attacker holds the record and its true label, and sees the target's signal for it.",
    "The attacker can train reference models on data of the same population (where references were given).",
    "Examples are independent; members and non-members come from one population.",
    "It shows a floor. Stronger attackers, other signals or more references may find more; it is never a bound on leakage.",
)


def evaluate(
    target: Given,
    reference: Given | None = None,
    *,
    nonmembers: Given | None = None,
    population: Given | None = None,
    options: Options | None = None,
) -> Measurement:
    """Attack a model through its signals; with ``nonmembers``, ``target`` holds members only."""
    options = options or Options()
    started = time.perf_counter()
    signals, sources = read(target, reference, nonmembers, population, options.columns)
    return stamped(measure(signals, options, sources), started)


def measure(
    signals: Signals, options: Options | None = None, sources: tuple[Source, ...] = ()
) -> Measurement:
    """The measurement of signals that are already in memory."""
    options = options or Options()
    _refuse_options(options)
    rng = np.random.default_rng(options.seed)
    run = figures.attacked(signals, battery(signals, options), options)
    strict = 1 - (1 - options.confidence) / (1 + len(subgroups.measurable(signals)))
    part = split(signals.member, rng)
    whole = demonstrate(run.scores, signals.member, part, strict)
    groups = subgroups.measure(signals, run.scores, part, strict, whole.choice.attack)

    def again(planted: Signals) -> dict[str, Floats]:
        return battery(planted, options)

    power = selftest.power_check(signals, again, strict, rng)
    null = selftest.null_check(signals, run.scores, again, strict, rng)
    return _measurement(run, whole, groups, (power, null), sources)


def _measurement(
    run: figures.Run, whole: Exposure, groups: list[subgroups.Group], checks: tuple[Check, Check],
    sources: tuple[Source, ...],
) -> Measurement:  # fmt: skip
    exposures = {None: whole} | {group.name: group.exposure for group in groups}
    name, worst = max(exposures.items(), key=lambda found: found[1].severity)
    proven = _is_proven(*checks, worst.severity, len(run.scores))
    results = figures.results(run, whole, groups)
    decides = figures.decided(whole, worst, name)
    return Measurement(
        channel="membership", method=f"membership inference: {', '.join(run.scores)}",
        method_version=VERSION, value=results["auc"].value, ci_low=results["auc"].low,
        ci_high=results["auc"].high, confidence=run.options.confidence, n=len(run.signals),
        baseline=0.5, baseline_kind="a guess (AUC)",
        severity=worst.severity, severity_high=worst.severity_high, extent=worst.extent,
        status="measured" if proven else "inconclusive", power_check=checks[0], null_check=checks[1],
        results=results, assumptions=ASSUMPTIONS, inputs=sources, params=figures.params(run),
        seed=run.options.seed, caveats=tuple(figures.caveats(run, decides, proven, checks[1])),
        tables=figures.tables(run, whole, groups),
    )  # fmt: skip


def _is_proven(power: Check, null: Check, severity: float, attacks_run: int) -> bool:
    """Silence is evidence only with power and a reference-based attack; a leak only with a silent null."""
    has_power = power.verdict == "passed" and attacks_run > 1
    return null.verdict == "passed" and (severity > 0 or has_power)


def battery(signals: Signals, options: Options | None = None) -> dict[str, Floats]:
    """Scores by attack: every attack that these signals allow."""
    options = options or Options()
    scores = {"loss": attacks.loss(signals)}
    if not signals.models or bool(signals.reference_member.all()):
        return scores
    scores["calibrated"] = attacks.calibrated(signals)
    scores["lira_offline"] = attacks.lira_offline(signals, options.variance)
    if (signals.reference_member.sum(axis=1) > 0).mean() > 0.5:
        scores["lira_online"] = attacks.lira_online(signals, options.variance)
    scores["rmia"] = attacks.rmia(signals, options.offline_a, options.gamma)
    return scores


def _refuse_options(options: Options) -> None:
    if not options.fprs or not all(0 < fpr < 1 for fpr in options.fprs):
        raise BadInput("An FPR lies between 0 and 1.", field="fpr")
    if not 0 < options.confidence < 1:
        raise BadInput("A confidence lies between 0 and 1.", field="confidence")
