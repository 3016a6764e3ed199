"""Two guessers of the same records: what one gets right beyond the other, with paired intervals.

Only differences are evidence: a model of the population guesses most attributes well without any
leak (Jayaraman & Evans 2022). McNemar's exact test on the discordant pairs; the interval of the
difference is a paired bootstrap by counts, never narrower than that test allows. The checks of every
measure that compares in pairs are here too: a planted leak is found, a null stays silent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assessments.leakage.measurement import Check, Estimate
from assessments.leakage.rates import clopper_pearson

Hits = NDArray[np.bool_]
DRAWS = 4_000
NULLS, ALARMS = 20, 3


@dataclass(frozen=True, slots=True)
class Paired:
    """The attack's gain over a comparator on the same records."""

    n: int
    attack: float
    comparator: float
    only_attack: int
    only_comparator: int
    difference: Estimate
    p_value: float


def compare(attack: Hits, comparator: Hits, confidence: float, rng: np.random.Generator) -> Paired:
    """Attack minus comparator, over the same records."""
    won, lost, n = _discordant(attack, comparator)
    p_value = float(stats.binomtest(won, won + lost, 0.5).pvalue) if won + lost else 1.0
    gain = _interval(won, lost, n, confidence, rng)
    return Paired(n, float(attack.mean()), float(comparator.mean()), won, lost, gain, p_value)


def severity(paired: Paired) -> tuple[float, float]:
    """(attack − comparator)/(1 − comparator) at both ends of the interval, within [0, 1]."""
    room = 1 - paired.comparator
    if room <= 0:
        return 0.0, 0.0
    low, high = ((end or 0.0) / room for end in (paired.difference.low, paired.difference.high))
    return min(1.0, max(0.0, low)), min(1.0, max(0.0, high))


def difference_of(
    one: tuple[Hits, Hits], other: tuple[Hits, Hits], confidence: float, rng: np.random.Generator
) -> Estimate:
    """(attack − comparator) on members minus the same on non-members, resampled apart."""
    gains = [_draws(*_discordant(*pair), rng) for pair in (one, other)]
    values = [float(pair[0].mean() - pair[1].mean()) for pair in (one, other)]
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(gains[0] - gains[1], [tail, 100 - tail])
    return Estimate(values[0] - values[1], float(low), float(high))


def plant(comparator: Hits, share: float, rng: np.random.Generator) -> Hits:
    """The comparator, right about a share of the records more: ten at least, or all it gets wrong."""
    wrong = np.flatnonzero(~comparator)
    size = min(len(wrong), max(10, int(share * len(comparator))))
    planted = comparator.copy()
    planted[rng.choice(wrong, size=size, replace=False)] = True
    return planted


def power_check(
    planted: Hits, comparator: Hits, confidence: float, rng: np.random.Generator, what: str
) -> Check:
    """A leak that was planted has to be found."""
    low = compare(planted, comparator, confidence, rng).difference.low or 0.0
    return Check("passed" if low > 0 else "failed", f"{what} gave a lower bound of {low:.3f}", low)


def null_check(
    one: Hits, other: Hits, confidence: float, rng: np.random.Generator, what: str
) -> Check:
    """Between sides that cannot differ nothing may be found."""
    low = compare(one, other, confidence, rng).difference.low or 0.0
    return Check("passed" if low <= 0 else "failed", f"{what} gave a lower bound of {low:.3f}", low)


def exchange_check(
    attack: Hits, comparator: Hits, confidence: float, rng: np.random.Generator, what: str
) -> Check:
    """Both change places by a coin for each record: a lower bound above 0 is luck."""
    alarms = 0
    for _ in range(NULLS):
        swap = rng.random(len(attack)) < 0.5
        one, other = np.where(swap, comparator, attack), np.where(swap, attack, comparator)
        alarms += (compare(one, other, confidence, rng).difference.low or 0.0) > 0
    passed = alarms <= ALARMS
    return Check("passed" if passed else "failed", f"{alarms} of {NULLS} {what} raised an alarm", alarms / NULLS)  # fmt: skip


def _discordant(attack: Hits, comparator: Hits) -> tuple[int, int, int]:
    won, lost = int((attack & ~comparator).sum()), int((~attack & comparator).sum())
    return won, lost, len(attack)


def _draws(won: int, lost: int, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Differences in resamples of the records: a multinomial of their three kinds."""
    shares = np.array([won, lost, n - won - lost]) / n
    counts = rng.multinomial(n, shares, size=DRAWS)
    return np.asarray((counts[:, 0] - counts[:, 1]) / n, np.float64)


def _interval(won: int, lost: int, n: int, confidence: float, rng: np.random.Generator) -> Estimate:
    """The wider of the paired bootstrap and the exact interval of the discordant pairs' sign.

    So a lower bound above 0 needs McNemar's exact test too. The upper end allows for pairs that
    did not happen to disagree: it is what few records could still hide.
    """
    tail = 100 * (1 - confidence) / 2
    drawn = np.percentile(_draws(won, lost, n, rng), [tail, 100 - tail])
    pairs = won + lost
    sign = clopper_pearson(won, pairs, confidence) if pairs else Estimate(0.5, 0.5, 0.5)
    low, high = ((2 * (end or 0.0) - 1) * pairs / n for end in (sign.low, sign.high))
    unseen = (clopper_pearson(won, n, confidence).high or 0.0) - lost / n
    return Estimate((won - lost) / n, min(low, float(drawn[0])), max(high, float(drawn[1]), unseen))
