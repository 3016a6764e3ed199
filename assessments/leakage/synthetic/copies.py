"""Exact copies: the cheapest detector, and the first.

A synthetic row that equals a training row is evidence only as far as it does not equal a row of an
equally large control just as often. Given that a row was matched, it came from the training side
with probability p; the attacker's advantage is 2p − 1, from the exact binomial lower bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessments.leakage.measurement import Estimate
from assessments.leakage.rates import clopper_pearson, wilson_interval
from assessments.leakage.synthetic.tables import Rows, keys


@dataclass(frozen=True, slots=True)
class Copies:
    """Shares of synthetic rows found among training and control rows, and what that proves."""

    training: Estimate
    control: Estimate
    advantage: Estimate
    exposed: float


def measure(training: Rows, synthetic: Rows, control: Rows, confidence: float) -> Copies:
    """Count copies of equally large training and control tables."""
    train, made, held = keys(training, synthetic, control)
    in_train, in_control = np.isin(made, train), np.isin(made, held)
    hits, misses = int(in_train.sum()), int(in_control.sum())
    return Copies(
        training=wilson_interval(hits, len(made)),
        control=wilson_interval(misses, len(made)),
        advantage=_advantage(
            int((in_train & ~in_control).sum()), int((in_control & ~in_train).sum()), confidence
        ),
        exposed=float(np.isin(train, made).mean()),
    )


def overlap(training: Rows, control: Rows) -> tuple[Estimate, Estimate]:
    """Share of control rows that equal a training row, and of training rows that have a twin."""
    train, held = keys(training, control)
    _, where, counts = np.unique(train, return_inverse=True, return_counts=True)
    twins = int((counts[where] > 1).sum())
    shared = int(np.isin(held, train).sum())
    return wilson_interval(shared, len(held), 0.99), wilson_interval(twins, len(train), 0.99)


def _advantage(only_train: int, only_control: int, confidence: float) -> Estimate:
    if only_train + only_control == 0:
        return Estimate(0.0, 0.0, 0.0)
    share = clopper_pearson(only_train, only_train + only_control, confidence)
    value, low, high = (
        max(0.0, 2 * (edge or 0.0) - 1) for edge in (share.value, share.low, share.high)
    )
    return Estimate(value, low, high)
