"""What a measurement says: figures by attack, tables, and warnings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from assessments.leakage.measurement import Check, Estimate, Table
from assessments.leakage.membership import attacks, subgroups
from assessments.leakage.membership.exposure import Exposure
from assessments.leakage.membership.operating import (
    Curve,
    auc,
    balanced_accuracy,
    carries,
    roc,
    tpr_at,
)
from assessments.leakage.membership.sheet import Columns
from assessments.leakage.membership.signals import Bools, Floats, Signals
from assessments.leakage.rates import clopper_pearson

MOST_EXPOSED = 20
FEW_MODELS = 8


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
class Run:
    """One set of signals under attack."""

    signals: Signals
    scores: Mapping[str, Floats]
    curves: Mapping[str, Curve]
    figures: Mapping[str, Mapping[str, Estimate]]
    options: Options


def attacked(signals: Signals, scores: Mapping[str, Floats], options: Options) -> Run:
    """Every attack's figures, at a confidence that all together keep (Bonferroni)."""
    strict = 1 - (1 - options.confidence) / len(scores)
    curves = {name: roc(each, signals.member) for name, each in scores.items()}
    figures = {
        name: _figures(each, curves[name], signals.member, options.fprs, strict)
        for name, each in scores.items()
    }
    return Run(signals, scores, curves, figures, options)


def results(run: Run, whole: Exposure, groups: list[subgroups.Group]) -> dict[str, Estimate]:
    best = whole.choice.attack
    named = dict(run.figures[best])
    named["epsilon_lower_bound"] = Estimate(
        max(0.0, whole.low), max(0.0, whole.low), None if whole.wrong == 0 else max(0.0, whole.high)
    )
    if groups:
        worst = max(groups, key=lambda group: (group.exposure.severity, group.auc.low or 0.0))
        named["worst_subgroup_auc"] = worst.auc
        named["worst_subgroup_severity"] = Estimate(
            worst.exposure.severity, worst.exposure.severity, worst.exposure.severity_high
        )
    for name, figures in run.figures.items():
        named |= {f"{name}_{figure}": estimate for figure, estimate in figures.items()}
    return named


def _figures(
    scores: Floats, curve: Curve, member: Bools, fprs: tuple[float, ...], strict: float
) -> dict[str, Estimate]:
    figures = {"auc": auc(scores, member, strict)}
    figures |= {f"tpr_at_fpr_{fpr:g}": tpr_at(curve, fpr, strict) for fpr in fprs}
    for fpr in fprs:
        point = curve.at(fpr)
        if carries(point.others, fpr):
            realised = clopper_pearson(point.alarms, point.others, strict)
            figures[f"realised_fpr_{fpr:g}"] = realised
    return figures | {"balanced_accuracy": balanced_accuracy(curve, scores, member, strict)}


def params(run: Run) -> dict[str, object]:
    options = run.options
    return {
        "attacks": list(run.scores), "transform": run.signals.transform,
        "references": run.signals.models, "fprs": list(options.fprs), "variance": options.variance,
        "offline_a": options.offline_a, "gamma": options.gamma,
        "population": run.signals.population is not None,
    }  # fmt: skip


def caveats(run: Run, decides: str, proven: bool, null: Check) -> list[str]:
    """What a reader has to know about this very run."""
    member, notes = run.signals.member, list(run.signals.notes)
    inside, outside = int(member.sum()), int((~member).sum())
    if abs(inside - outside) > 0.1 * max(inside, outside):
        notes.append(
            f"{inside} members and {outside} non-members: every figure is a rate of one side, so nothing was resampled."
        )
    notes += [
        f"TPR at an FPR of {fpr:.2%} is refused: {outside} non-members cannot show it, at least {math.ceil(2 / fpr)} are needed."
        for fpr in run.options.fprs
        if not carries(outside, fpr)
    ]
    notes += [*_ties(run), *subgroups.too_small(run.signals), *_references(run), decides]
    if null.verdict == "failed":
        notes.append(f"This run is no evidence: {null.detail}.")
    elif not proven and len(run.scores) > 1:
        notes.append("A planted leak was not found: silence needs more examples to be evidence.")
    return notes


def decided(whole: Exposure, worst: Exposure, group: str | None) -> str:
    """Which attack the severity rests on, in words."""
    where = "" if group is None else f" in the subgroup {group}"
    if worst.severity == 0:
        return f"Nothing was demonstrated; {whole.choice.describe()}, came closest."
    how = "chosen on a third of the examples and counted on the rest"
    return f"The severity comes from {worst.choice.describe()}{where}, {how}."


def _references(run: Run) -> list[str]:
    models = run.signals.models
    if len(run.scores) == 1:
        return [
            "Without reference models only the loss attack ran; it misses leaks that others find."
        ]
    notes = []
    if models < FEW_MODELS:
        notes.append(
            f"Only {models} reference models: attacks are weaker than with {FEW_MODELS} or more."
        )
    covered = int(run.signals.reference_member.all(axis=1).sum())
    if covered:
        notes.append(
            f"{covered} examples are in the training data of every reference; the mean of all stands in."
        )
    return notes


def _ties(run: Run) -> list[str]:
    """Attacks whose equal scores keep them from an FPR that the sample carries."""
    notes = []
    for name, curve in run.curves.items():
        points = [(fpr, curve.at(fpr)) for fpr in run.options.fprs]
        held = [
            (fpr, p)
            for fpr, p in points
            if carries(p.others, fpr) and p.tied > 2 and p.fpr < fpr / 2
        ]
        if held:
            fpr, point = held[0]
            notes.append(
                f"{name}: {point.tied} examples share the next score, so at an FPR of {fpr:.2%} the realised FPR is {point.fpr:.3%}."
            )
    return notes


def tables(run: Run, whole: Exposure, groups: list[subgroups.Group]) -> dict[str, Table]:
    found: dict[str, Table] = {
        "attacks": tuple(
            {"attack": name, "driver": name == whole.choice.attack}
            | {figure: each.value for figure, each in run.figures[name].items()}
            for name in run.scores
        ),
        "most_exposed": _most_exposed(run.signals, run.scores[whole.choice.attack]),
        "roc": _curve(run.curves[whole.choice.attack]),
    }
    return found | ({"subgroups": tuple(group.as_row() for group in groups)} if groups else {})


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
