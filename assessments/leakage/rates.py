"""Success rates with intervals, and what remains of an attack after its comparator."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special, stats

from assessments.leakage.measurement import Estimate


@dataclass(frozen=True, slots=True)
class Rate:
    """A success rate with Wilson's centre and half-width (Wilson 1927)."""

    successes: int
    n: int
    centre: float
    error: float


def wilson(successes: int, n: int, confidence: float = 0.95) -> Rate:
    """Centre (s + z²/2)/(n + z²), half-width z/(n + z²)·√(s(n − s)/n + z²/4)."""
    z = float(stats.norm.ppf((1 + confidence) / 2))
    centre = (successes + z * z / 2) / (n + z * z)
    error = z / (n + z * z) * math.sqrt(successes * (n - successes) / n + z * z / 4)
    return Rate(successes, n, centre, error)


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """The observed share with Wilson's interval."""
    rate = wilson(successes, n, confidence)
    return Estimate(
        successes / n, max(0.0, rate.centre - rate.error), min(1.0, rate.centre + rate.error)
    )


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> Estimate:
    """The observed share with the exact binomial interval (Clopper & Pearson 1934)."""
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = (
        1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, 1 - tail))
    )
    return Estimate(successes / n, low, high)


def residual(attack: Rate, comparator: Rate) -> Estimate:
    """(a − c)/(1 − c) with propagated error, clipped to [0, 1] (Giomi 2023, eq. 3)."""
    a, c = attack.centre, comparator.centre
    if comparator.successes == comparator.n:
        return Estimate(0.0, 0.0, 1.0)
    risk = (a - c) / (1 - c)
    error = math.hypot(attack.error / (1 - c), comparator.error * (a - 1) / (1 - c) ** 2)
    low, value, high = (min(1.0, max(0.0, each)) for each in (risk - error, risk, risk + error))
    return Estimate(value, low, high)
