"""How much an attack demonstrated: a lower bound on ε, turned into a severity of tanh(ε/2).

(ε, 0)-differential privacy implies P[attack fires | member] ≤ e^ε · P[fires | non-member], and the
mirror for "not a member" (Kairouz 2015). On a third of the examples the best attack, direction and
threshold are chosen for each of four FPRs; on the rest these four are counted with exact binomial
bounds (Clopper & Pearson 1934), corrected for four tests (Bonferroni). However many attacks were
tried, the bound stays valid. tanh(ε/2) is the largest membership advantage under ε, the scale of the
ceiling that an accounting gives.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assessments.leakage.membership.operating import Curve, roc
from assessments.leakage.membership.signals import Bools, Floats
from assessments.leakage.rates import clopper_pearson

FPRS = (0.0, 0.001, 0.01, 0.1)
FLOOR = 1e-300


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen on the first third: an attack, a threshold, and what it says."""

    attack: str
    threshold: float
    says_member: bool

    def fires(self, scores: Mapping[str, Floats]) -> Bools:
        """On which examples the attack speaks."""
        mine = scores[self.attack]
        return mine >= self.threshold if self.says_member else mine <= -self.threshold

    def describe(self) -> str:
        """In words."""
        return f"{self.attack}, calling {'members' if self.says_member else 'non-members'}"


@dataclass(frozen=True, slots=True)
class Exposure:
    """One test on the rest: log-ratio of rates with its bounds."""

    choice: Choice
    right: int
    right_of: int
    wrong: int
    wrong_of: int
    low: float
    high: float

    @property
    def severity(self) -> float:
        """tanh(ε/2) at the lower bound, at least 0."""
        return math.tanh(max(0.0, self.low) / 2)

    @property
    def severity_high(self) -> float:
        """The same at the upper bound of the same test."""
        return math.tanh(max(0.0, self.high) / 2)

    @property
    def extent(self) -> float:
        """Share of the side concerned that the attack speaks about, beyond its false alarms."""
        return max(0.0, self.right / self.right_of - self.wrong / self.wrong_of)


def split(member: Bools, rng: np.random.Generator) -> Bools:
    """A random third of the members and a random third of the non-members, to choose on."""
    part = np.zeros(len(member), bool)
    for side in (member, ~member):
        places = rng.permutation(np.flatnonzero(side))
        part[places[: len(places) // 3]] = True
    return part


def demonstrate(
    scores: Mapping[str, Floats], member: Bools, part: Bools, confidence: float
) -> Exposure:
    """Choose on ``part``, count on the rest, and keep the best of the few that were counted."""
    chosen_from, inside = {name: each[part] for name, each in scores.items()}, member[part]
    curves = _curves(chosen_from, inside)
    choices = [
        max(
            (Choice(name, curve.at(fpr).threshold, says) for name, says, curve in curves),
            key=lambda choice: count(choice, chosen_from, inside, confidence).low,
        )
        for fpr in FPRS
    ]
    rest, others = {name: each[~part] for name, each in scores.items()}, member[~part]
    strict = 1 - (1 - confidence) / len(choices)
    counted = [count(choice, rest, others, strict) for choice in choices]
    return max(counted, key=lambda exposure: exposure.low)


def count(
    choice: Choice, scores: Mapping[str, Floats], member: Bools, confidence: float
) -> Exposure:
    """How often a choice speaks about the right side and about the wrong one."""
    fires = choice.fires(scores)
    right_side = member if choice.says_member else ~member
    right, wrong = int((fires & right_side).sum()), int((fires & ~right_side).sum())
    right_of, wrong_of = int(right_side.sum()), int((~right_side).sum())
    hit = clopper_pearson(right, right_of, confidence)
    miss = clopper_pearson(wrong, wrong_of, confidence)
    low = _log(hit.low) - _log(miss.high)
    return Exposure(choice, right, right_of, wrong, wrong_of, low, _log(hit.high) - _log(miss.low))


def _curves(scores: Mapping[str, Floats], member: Bools) -> list[tuple[str, bool, Curve]]:
    """Every attack in both directions: who scores high, and who scores low."""
    return [
        (name, says_member, roc(values, side))
        for name, each in scores.items()
        for says_member, values, side in ((True, each, member), (False, -each, ~member))
    ]


def _log(share: float | None) -> float:
    return math.log(max(share or 0.0, FLOOR))
