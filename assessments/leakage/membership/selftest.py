"""The measure's own test: a planted leak is found, and shuffled membership stays silent.

Plant: a target that saw nobody (its signals are those of models without the example) is made
certain of 2 % of the so-called members; the same attacks run on it. Null: membership is shuffled,
so no attack can know it; and models that saw neither side are attacked with the true membership.
Sizes are those of the measured sample, so a sample that is too small fails its power check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.measurement import Check
from assessments.leakage.membership.attacks import calibrated
from assessments.leakage.membership.exposure import demonstrate, split
from assessments.leakage.membership.signals import Bools, Floats, Signals

PLANTED = 0.02
MARGIN = 12.0

Battery = Callable[[Signals], Mapping[str, Floats]]


def null_check(
    signals: Signals, scores: Mapping[str, Floats], battery: Battery, confidence: float,
    rng: np.random.Generator,
) -> Check:  # fmt: skip
    """Two silences: nobody can know shuffled membership, and a model that saw nobody knows nobody.

    The second fails where members and non-members differ as populations, which looks like leakage.
    """
    shuffled = rng.permutation(signals.member)
    found = demonstrate(scores, shuffled, split(shuffled, rng), confidence).severity
    if found > 0:
        return Check("failed", "something was found although membership was shuffled", found)
    if not _has_outside(signals):
        return Check("passed", "membership shuffled", found)
    blind = battery(replace(signals, target=_ignorant(signals, rng)))
    found = demonstrate(blind, signals.member, split(signals.member, rng), confidence).severity
    if found > 0:
        return Check(
            "failed",
            "models that saw neither side tell members from non-members: the two differ as populations",
            found,
        )
    return Check("passed", "membership shuffled, and a model that saw neither side", found)


def power_check(
    signals: Signals, battery: Battery, confidence: float, rng: np.random.Generator
) -> Check:
    """The smallest leak that has to be found at this size."""
    shuffled = rng.permutation(signals.member)
    target = _ignorant(signals, rng)
    exposed = _outliers(signals, shuffled, rng)
    target[exposed] = _certain(signals, target)
    planted = replace(signals, target=target, member=shuffled)
    found = demonstrate(battery(planted), shuffled, split(shuffled, rng), confidence).severity
    detail = f"{len(exposed)} exposed members planted ({PLANTED:.0%})"
    return Check("passed" if found > 0 else "failed", detail, found)


def _ignorant(signals: Signals, rng: np.random.Generator) -> Floats:
    """A target that saw nobody: an OUT reference an example, else a non-member's signal."""
    if not _has_outside(signals):
        return rng.choice(signals.target[~signals.member], len(signals))
    draw = np.where(signals.reference_member, -1.0, rng.random(signals.references.shape))
    return signals.references[np.arange(len(signals)), draw.argmax(axis=1)]


def _outliers(signals: Signals, member: Bools, rng: np.random.Generator) -> NDArray[np.intp]:
    """2 % of the members, from the half that models find hard: those are memorised (Feldman 2020)."""
    inside = np.flatnonzero(member)
    if _has_outside(signals):
        hard = calibrated(replace(signals, target=_certain_everywhere(signals)))[inside]
        inside = inside[hard >= np.median(hard)]
    wanted = max(1, round(PLANTED * int(member.sum())))
    return rng.permutation(inside)[:wanted]


def _has_outside(signals: Signals) -> bool:
    return signals.models > 0 and not signals.reference_member.all()


def _certain_everywhere(signals: Signals) -> Floats:
    return np.full(len(signals), _certain(signals, signals.target))


def _certain(signals: Signals, target: Floats) -> float:
    """The signal of a model that is certain."""
    if signals.transform == "logit":
        return max(float(target.max()), 0.0) + MARGIN
    return 1.0 if signals.transform == "probability" else 0.0
