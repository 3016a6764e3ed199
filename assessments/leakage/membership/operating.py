"""Operating points of an attack: TPR at a bound on the FPR, AUC, balanced accuracy.

A point has the highest TPR whose FPR is at most the bound. Examples with equal scores are taken
together or not at all, so the realised FPR stands beside every TPR.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from assessments.leakage.measurement import Estimate
from assessments.leakage.membership.signals import Bools, Floats
from assessments.leakage.rates import clopper_pearson

FEWEST_FALSE = 2


@dataclass(frozen=True, slots=True)
class Point:
    """Counts at one threshold: everybody with at least this score is called a member."""

    threshold: float
    found: int
    members: int
    alarms: int
    others: int
    tied: int

    @property
    def tpr(self) -> float:
        """Share of members that are called members."""
        return self.found / self.members

    @property
    def fpr(self) -> float:
        """Share of non-members that are called members: the realised FPR."""
        return self.alarms / self.others


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The ROC curve as counts, one point a distinct score, from the highest down."""

    thresholds: Floats
    found: Floats
    alarms: Floats

    def at(self, fpr: float) -> Point:
        """The highest TPR with FPR at most ``fpr``, at the lowest FPR that reaches it."""
        members, others = int(self.found[-1]), int(self.alarms[-1])
        allowed = int(np.searchsorted(self.alarms, math.floor(fpr * others + 1e-9), side="right"))
        most = self.found[allowed - 1] if allowed else 0
        if not most:
            return Point(math.inf, 0, members, 0, others, self._size(allowed))
        first = int(np.searchsorted(self.found, most))
        counts = int(most), members, int(self.alarms[first]), others
        return Point(float(self.thresholds[first]), *counts, self._size(allowed))

    def balanced_accuracy(self) -> float:
        """The best of (TPR + 1 − FPR)/2 over all thresholds."""
        gain = self.found / self.found[-1] - self.alarms / self.alarms[-1]
        return (1 + max(0.0, float(gain.max()))) / 2

    def _size(self, position: int) -> int:
        """How many examples share the score at a position (0 beyond the end)."""
        if position >= len(self.found):
            return 0
        before = self.found[position - 1] + self.alarms[position - 1] if position else 0
        return int(self.found[position] + self.alarms[position] - before)


def roc(scores: Floats, member: Bools) -> Curve:
    """The curve of one attack."""
    order = np.argsort(-scores, kind="stable")
    ranked, inside = scores[order], member[order]
    last = np.append(ranked[1:] != ranked[:-1], True)
    return Curve(ranked[last], np.cumsum(inside)[last], np.cumsum(~inside)[last])


def carries(others: int, fpr: float) -> bool:
    """Whether so many non-members can show an FPR: at least two of them may be false alarms."""
    return others * fpr >= FEWEST_FALSE - 1e-9


def tpr_at(curve: Curve, fpr: float, confidence: float) -> Estimate:
    """TPR with the exact binomial interval, or nothing where the sample cannot carry the FPR."""
    point = curve.at(fpr)
    if not carries(point.others, fpr):
        return Estimate(None, None, None)
    return clopper_pearson(point.found, point.members, confidence)


def auc(scores: Floats, member: Bools, confidence: float) -> Estimate:
    """Mann–Whitney with ties at one half, and DeLong's variance (DeLong 1988) from mid-ranks."""
    inside, outside = scores[member], scores[~member]
    together = stats.rankdata(np.concatenate([inside, outside]))
    n, m = len(inside), len(outside)
    above = (together[:n] - stats.rankdata(inside)) / m
    below = 1 - (together[n:] - stats.rankdata(outside)) / n
    value = float(above.mean())
    spread = math.sqrt(float(above.var(ddof=1)) / n + float(below.var(ddof=1)) / m)
    half = float(stats.norm.ppf((1 + confidence) / 2)) * max(spread, 1 / (2 * math.sqrt(n * m)))
    return Estimate(value, max(0.0, value - half), min(1.0, value + half))


def balanced_accuracy(curve: Curve, scores: Floats, member: Bools, confidence: float) -> Estimate:
    """Best balanced accuracy; the interval is that of its threshold's two rates together."""
    value = curve.balanced_accuracy()
    gain = curve.found / curve.found[-1] - curve.alarms / curve.alarms[-1]
    threshold = curve.thresholds[int(np.argmax(gain))]
    called = scores >= threshold
    strict = (1 + confidence) / 2
    hit = clopper_pearson(int((called & member).sum()), int(member.sum()), strict)
    miss = clopper_pearson(int((called & ~member).sum()), int((~member).sum()), strict)
    low = ((hit.low or 0.0) + 1 - (miss.high or 1.0)) / 2
    high = ((hit.high or 1.0) + 1 - (miss.low or 0.0)) / 2
    return Estimate(value, max(0.0, min(value, low)), min(1.0, high))
