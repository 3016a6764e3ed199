"""Measure membership inference: all attacks that the signals allow, in the one result contract."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from assessments.errors import BadInput
from assessments.leakage.measurement import Check, Estimate, Measurement, Source, Table, stamped
from assessments.leakage.membership import attacks, selftest, subgroups
from assessments.leakage.membership.exposure import Exposure, demonstrate, split
from assessments.leakage.membership.operating import (
    Curve,
    auc,
    balanced_accuracy,
    carries,
    roc,
    tpr_at,
)
from assessments.leakage.membership.reading import Columns, Given, read
from assessments.leakage.membership.signals import Bools, Floats, Signals
from assessments.leakage.rates import clopper_pearson

VERSION = "1"
MOST_EXPOSED = 20
ASSUMPTIONS = (
    "The attacker holds the record and its true label, and sees the target's signal for it.",
    "The attacker can train reference models on data of the same population (where references were given).",
    "Examples are independent; members and non-members come from one population.",
    "It shows a floor. Stronger attackers, other signals or more references may find more; it is never a bound on leakage.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Which columns, which FPRs, how sure, and the settings of LiRA and RMIA."""

    columns: Columns = field(default_factory=Columns)
    fprs: tuple[float, ...] = (0.1, 0.01, 0.001)
    confidence: float = 0.95
    variance: attacks.Variance = "auto"
    offline_a: float = 0.3
    gamma: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """One set of signals under attack."""

    signals: Signals
    scores: Mapping[str, Floats]
    curves: Mapping[str, Curve]
    options: Options

    @property
    def strict(self) -> float:
        """The confidence of one attack's figures so that all together keep theirs (Bonferroni)."""
        return 1 - (1 - self.options.confidence) / len(self.scores)


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
    run = _attack(signals, options)
    part = split(signals.member, rng)
    tests = 1 + len(subgroups.measurable(signals))
    each = 1 - (1 - options.confidence) / tests
    whole = demonstrate(run.scores, signals.member, part, each)
    groups = subgroups.measure(signals, run.scores, part, each, whole.choice.attack)
    worst = max([whole, *(group.exposure for group in groups)], key=lambda found: found.severity)
    power = selftest.power_check(signals, lambda planted: battery(planted, options), each, rng)
    null = selftest.null_check(run.scores, signals.member, each, rng)
    proven = _is_proven(power, null, worst.severity, len(run.scores))
    results = _results(run, whole, groups)
    return Measurement(
        channel="membership", method=f"membership inference: {', '.join(run.scores)}",
        method_version=VERSION, value=results["auc"].value, ci_low=results["auc"].low,
        ci_high=results["auc"].high, confidence=options.confidence, n=len(signals),
        baseline=0.5, baseline_kind="a guess (AUC)",
        severity=worst.severity, severity_high=worst.severity_high, extent=worst.extent,
        status="measured" if proven else "inconclusive", power_check=power, null_check=null,
        results=results, assumptions=ASSUMPTIONS, inputs=sources, params=_params(run),
        seed=options.seed, caveats=tuple(_caveats(run, whole, proven)),
        tables=_tables(run, whole, groups),
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


def _attack(signals: Signals, options: Options) -> _Run:
    scores = battery(signals, options)
    curves = {name: roc(each, signals.member) for name, each in scores.items()}
    return _Run(signals, scores, curves, options)


def _results(run: _Run, whole: Exposure, groups: list[subgroups.Group]) -> dict[str, Estimate]:
    best = whole.choice.attack
    singles = {name: _figures(run, name) for name in run.scores}
    results = dict(singles[best])
    results["epsilon_lower_bound"] = Estimate(
        max(0.0, whole.low), max(0.0, whole.low), None if whole.wrong == 0 else max(0.0, whole.high)
    )
    if groups:
        worst = max(groups, key=lambda group: (group.exposure.severity, group.auc.low or 0.0))
        results["worst_subgroup_auc"] = worst.auc
        results["worst_subgroup_severity"] = Estimate(
            worst.exposure.severity, worst.exposure.severity, worst.exposure.severity_high
        )
    for name, figures in singles.items():
        results |= {f"{name}_{figure}": estimate for figure, estimate in figures.items()}
    return results


def _figures(run: _Run, name: str) -> dict[str, Estimate]:
    scores, curve, member = run.scores[name], run.curves[name], run.signals.member
    figures = {"auc": auc(scores, member, run.strict)}
    for fpr in run.options.fprs:
        figures[f"tpr_at_fpr_{fpr:g}"] = tpr_at(curve, fpr, run.strict)
    for fpr in run.options.fprs:
        point = curve.at(fpr)
        if carries(point.others, fpr):
            realised = clopper_pearson(point.alarms, point.others, run.strict)
            figures[f"realised_fpr_{fpr:g}"] = realised
    figures["balanced_accuracy"] = balanced_accuracy(curve, scores, member, run.strict)
    return figures


def _params(run: _Run) -> dict[str, object]:
    options = run.options
    return {
        "attacks": list(run.scores), "transform": run.signals.transform,
        "references": run.signals.models, "fprs": list(options.fprs), "variance": options.variance,
        "offline_a": options.offline_a, "gamma": options.gamma,
        "population": run.signals.population is not None,
    }  # fmt: skip


def _caveats(run: _Run, whole: Exposure, proven: bool) -> list[str]:
    member, notes = run.signals.member, list(run.signals.notes)
    inside, outside = int(member.sum()), int((~member).sum())
    if abs(inside - outside) > 0.1 * max(inside, outside):
        notes.append(
            f"{inside} members and {outside} non-members: every figure is a rate of one side, so nothing was resampled."
        )
    for fpr in run.options.fprs:
        if not carries(outside, fpr):
            notes.append(
                f"TPR at an FPR of {fpr:.2%} is refused: {outside} non-members cannot show it, at least {round(2 / fpr)} are needed."
            )
    notes += _ties(run) + subgroups.too_small(run.signals)
    if len(run.scores) == 1:
        notes.append(
            "Without reference models only the loss attack ran; it misses leaks that others find."
        )
    notes.append(
        f"The severity comes from {whole.choice.describe()}, chosen on a third of the examples and counted on the rest."
    )
    if not proven and len(run.scores) > 1:
        notes.append(
            "The run did not prove itself: more examples are needed before it is evidence."
        )
    return notes


def _ties(run: _Run) -> list[str]:
    """Attacks whose equal scores keep them from an FPR that the sample carries."""
    notes = []
    for name, curve in run.curves.items():
        points = [(fpr, curve.at(fpr)) for fpr in run.options.fprs]
        held = [(fpr, p) for fpr, p in points if carries(p.others, fpr) and p.fpr < fpr / 2]
        if held:
            fpr, point = held[0]
            notes.append(
                f"{name}: {point.tied} examples share the next score, so at an FPR of {fpr:.2%} the realised FPR is {point.fpr:.3%}."
            )
    return notes


def _tables(run: _Run, whole: Exposure, groups: list[subgroups.Group]) -> dict[str, Table]:
    tables: dict[str, Table] = {
        "attacks": tuple(
            {"attack": name, "driver": name == whole.choice.attack}
            | {figure: each.value for figure, each in _figures(run, name).items()}
            for name in run.scores
        ),
        "most_exposed": _most_exposed(run.signals, run.scores[whole.choice.attack]),
        "roc": _curve(run.curves[whole.choice.attack]),
    }
    return tables | ({"subgroups": tuple(group.as_row() for group in groups)} if groups else {})


def _most_exposed(signals: Signals, scores: Floats) -> Table:
    """Members by score, each with the share of non-members that score as high."""
    inside: Bools = signals.member
    others = np.sort(scores[~inside])
    places = np.flatnonzero(inside)
    first = places[np.argsort(-scores[places], kind="stable")][:MOST_EXPOSED]
    above = 1 - np.searchsorted(others, scores[first], side="left") / len(others)
    names = [str(i + 1) for i in first] if signals.ids is None else signals.ids[first].tolist()
    return tuple(
        {"id": name, "score": float(scores[i]), "nonmembers_as_high": float(share)}
        for name, i, share in zip(names, first, above, strict=True)
    )


def _curve(curve: Curve, points: int = 60) -> Table:
    """The ROC at log-spaced FPRs, as people plot it."""
    others = int(curve.alarms[-1])
    wanted = np.unique(np.round(np.logspace(-np.log10(others), 0, points) * others)) / others
    found = [curve.at(float(fpr)) for fpr in wanted]
    return tuple({"fpr": point.fpr, "tpr": point.tpr} for point in found)


def _refuse_options(options: Options) -> None:
    if not options.fprs or not all(0 < fpr < 1 for fpr in options.fprs):
        raise BadInput("An FPR lies between 0 and 1.", field="fpr")
    if not 0 < options.confidence < 1:
        raise BadInput("A confidence lies between 0 and 1.", field="confidence")
