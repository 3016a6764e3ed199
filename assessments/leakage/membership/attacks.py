"""The attacks: each gives one score an example, higher meaning "was in the training data".

Loss threshold (Yeom 2018), calibrated difference (Watson 2022), LiRA online and offline (Carlini
2022), RMIA (Zarifzadeh 2024). OUT references are those that were not trained on the example.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from assessments.errors import BadInput
from assessments.leakage.membership.signals import (
    Bools,
    Floats,
    Signals,
    logits,
    probabilities,
)

Variance = Literal["auto", "fixed", "per_example"]
FIXED_BELOW = 64
TINY = 1e-12
LEAST_SPREAD = 1e-6


def loss(signals: Signals) -> Floats:
    """The signal alone: the lower the loss, the likelier a member."""
    return -signals.target if signals.transform == "loss" else signals.target


def calibrated(signals: Signals) -> Floats:
    """Probability minus its mean over OUT references: what is unusual for this very example."""
    p, beside = _probabilities(signals)
    return _settled(p - _mean(beside, ~signals.reference_member))


def lira_offline(signals: Signals, variance: Variance = "auto") -> Floats:
    """(φ − μ_out)/σ_out, which orders examples as Φ of it does, without its ties at 1."""
    phi, beside = _logits(signals)
    mean, spread = _normal(beside, ~signals.reference_member, variance)
    return _settled((phi - mean) / spread)


def lira_online(signals: Signals, variance: Variance = "auto") -> Floats:
    """log N(φ; μ_in, σ_in) − log N(φ; μ_out, σ_out)."""
    if not signals.reference_member.any():
        raise BadInput("LiRA online needs references that were trained on the examples.")
    phi, beside = _logits(signals)
    inside = _normal(beside, signals.reference_member, variance)
    outside = _normal(beside, ~signals.reference_member, variance)
    return _settled(_log_density(phi, *inside) - _log_density(phi, *outside))


def rmia(signals: Signals, a: float = 0.3, gamma: float = 1.0) -> Floats:
    """Share of the population z with [P(x|θ)/P(x)] / [P(z|θ)/P(z)] > γ (offline, P(x) = ½((1+a)·P_out + 1 − a)).

    Counted by ranks: no n-by-z matrix is made. Without a population the examples stand in for it,
    which leaves the order of the scores as it is.
    """
    if not 0 <= a <= 1 or gamma <= 0:
        raise BadInput("RMIA needs 0 <= a <= 1 and gamma > 0.", field="a")
    p, beside = _probabilities(signals)
    ratio = _likelihood_ratio(p, _mean(beside, ~signals.reference_member), a)
    others = np.sort(_population_ratio(signals, ratio, a))
    return np.searchsorted(others, ratio / gamma, side="left") / len(others)


def _population_ratio(signals: Signals, ratio: Floats, a: float) -> Floats:
    if signals.population is None or signals.population_references is None:
        return ratio
    p = probabilities(signals.population, signals.transform)
    outside = probabilities(signals.population_references, signals.transform).mean(axis=1)
    return _likelihood_ratio(p, outside, a)


def _likelihood_ratio(p: Floats, outside: Floats, a: float) -> Floats:
    """P(x|θ)/P(x); a denominator of nothing is a tiny number, so 0/0 is 0 and never undefined."""
    return p / np.maximum(((1 + a) * outside + 1 - a) / 2, TINY)


def _probabilities(signals: Signals) -> tuple[Floats, Floats]:
    _refuse_without_references(signals)
    scale = signals.transform
    return probabilities(signals.target, scale), probabilities(signals.references, scale)


def _logits(signals: Signals) -> tuple[Floats, Floats]:
    _refuse_without_references(signals)
    scale = signals.transform
    return logits(signals.target, scale), logits(signals.references, scale)


def _refuse_without_references(signals: Signals) -> None:
    if not signals.models:
        raise BadInput("This attack needs signals from reference models.", field="reference")
    if bool(signals.reference_member.all()):
        raise BadInput("No reference model is without the examples.", field="reference")


def _mean(values: Floats, chosen: Bools) -> Floats:
    """Row means over the chosen models; a row without any takes the mean of all rows."""
    counts = chosen.sum(axis=1)
    sums = np.einsum("ij,ij->i", values, chosen, dtype=np.float64)
    overall = float(sums.sum() / counts.sum())
    return np.where(counts > 0, sums / np.maximum(counts, 1), overall)


def _normal(values: Floats, chosen: Bools, variance: Variance) -> tuple[Floats, Floats]:
    """Mean and standard deviation an example; one deviation for all where models are few."""
    mean = _mean(values, chosen)
    squares = np.square(values - mean[:, None])
    counts = chosen.sum(axis=1)
    sums = np.einsum("ij,ij->i", squares, chosen)
    pooled = max(float(sums.sum() / counts.sum()), LEAST_SPREAD**2)
    if variance == "fixed" or (variance == "auto" and values.shape[1] < FIXED_BELOW):
        return mean, np.full(len(mean), np.sqrt(pooled))
    own = np.where(counts > 1, sums / np.maximum(counts, 1), pooled)
    return mean, np.sqrt(np.maximum(own, LEAST_SPREAD**2))


def _settled(scores: Floats) -> Floats:
    """Ten decimals: examples that are equal but for the rounding of sums tie on every machine."""
    return np.round(scores, 10)


def _log_density(values: Floats, mean: Floats, spread: Floats) -> Floats:
    return -np.log(spread) - np.square((values - mean) / spread) / 2
