"""The light core of privacy accounting: pure, zCDP, Gaussian and subsampled Gaussian composition.

Every function returns an upper bound on ε at a given δ; nothing here is estimated. Sources stand
with the functions; figures are held to dp-accounting 0.6.0 and to published tables in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from scipy import optimize, special

from assessments.errors import BadInput

ORDERS: tuple[float, ...] = (
    *(1 + x / 10 for x in range(1, 100)), *range(11, 64), 128, 256, 512, 1024,
)  # fmt: skip
LARGEST = 1e4


def basic(epsilons: Iterable[float]) -> float:
    """Sequential composition of pure ε (Dwork & Roth 2014, theorem 3.14)."""
    return math.fsum(_checked(each, "epsilon") for each in epsilons)


def advanced(epsilon: float, count: int, slack: float) -> float:
    """k-fold adaptive composition at δ' (Dwork, Rothblum & Vadhan 2010; Dwork & Roth, theorem 3.20).

    Never worse than basic composition, which is returned when it is smaller.
    """
    _checked(epsilon, "epsilon")
    _share(slack, "delta")
    tight = epsilon * math.sqrt(2 * count * math.log(1 / slack)) + count * epsilon * math.expm1(
        epsilon
    )
    return min(tight, count * epsilon)


def optimal(epsilon: float, count: int, slack: float) -> float:
    """The exact ε of k-fold composition of pure ε at δ' (Kairouz, Oh & Viswanath 2015, theorem 3.3).

    k randomised responses are the worst case: δ(ε') = Σ_j C(k,j) [e^{(k−j)ε} − e^{ε'+jε}]⁺ / (1+e^ε)^k.
    """
    _checked(epsilon, "epsilon")
    _share(slack, "delta")
    j = np.arange(count + 1)
    choose = special.gammaln(count + 1) - special.gammaln(j + 1) - special.gammaln(count - j + 1)
    log_p = choose + (count - j) * epsilon - count * np.logaddexp(0, epsilon)
    log_q = choose + j * epsilon - count * np.logaddexp(0, epsilon)

    def excess(spent: float) -> float:
        return float(np.maximum(0, np.exp(log_p) - np.exp(spent + log_q)).sum()) - slack

    if epsilon == 0 or excess(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(excess, 0, count * epsilon, xtol=1e-12))


def zcdp_of_gaussian(sigma: float) -> float:
    """ρ = 1/(2σ²) at sensitivity 1 (Bun & Steinke 2016, proposition 1.6)."""
    return 1 / (2 * _positive(sigma, "sigma") ** 2)


def zcdp_of_pure(epsilon: float) -> float:
    """ρ = ε²/2 (Bun & Steinke 2016, proposition 1.4)."""
    return _checked(epsilon, "epsilon") ** 2 / 2


def epsilon_of_zcdp(rho: float, delta: float) -> float:
    """Smallest ε over α of ρα + log((α−1)/α) − (log δ + log α)/(α−1).

    Canonne, Kamath & Steinke 2020, proposition 7; below ρ + 2√(ρ ln 1/δ) of Bun & Steinke 2016.
    """
    _checked(rho, "rho")
    _share(delta, "delta")
    if rho == 0:
        return 0.0

    def at(shift: float) -> float:
        alpha = 1 + math.exp(shift)
        return converted(alpha, rho * alpha, delta)

    found = optimize.minimize_scalar(
        at, bounds=(-12, 16), method="bounded", options={"xatol": 1e-10}
    )
    return max(0.0, float(found.fun))


def delta_of_gaussian(epsilon: float, sigma: float) -> float:
    """δ of the Gaussian mechanism: Φ(1/2σ − εσ) − e^ε Φ(−1/2σ − εσ) (Balle & Wang 2018, theorem 8)."""
    first = special.log_ndtr(1 / (2 * sigma) - epsilon * sigma)
    second = epsilon + special.log_ndtr(-1 / (2 * sigma) - epsilon * sigma)
    return float(math.exp(first) * -math.expm1(second - first))


def analytic_gaussian(sigma: float, delta: float, count: int = 1) -> float:
    """The exact ε of ``count`` Gaussian releases: one with σ/√count (Balle & Wang 2018)."""
    _share(delta, "delta")
    width = _positive(sigma, "sigma") / math.sqrt(count)
    if delta_of_gaussian(0.0, width) <= delta:
        return 0.0
    high = 1.0
    while delta_of_gaussian(high, width) > delta and high < LARGEST:
        high *= 2
    return float(
        optimize.brentq(lambda e: delta_of_gaussian(e, width) - delta, 0, high, xtol=1e-12)
    )


def calibrated_gaussian(epsilon: float, delta: float) -> float:
    """The smallest σ that gives (ε, δ) at sensitivity 1."""
    _share(delta, "delta")
    _checked(epsilon, "epsilon")
    found = optimize.brentq(
        lambda s: delta_of_gaussian(epsilon, math.exp(s)) - delta, -6, 12, xtol=1e-13
    )
    return math.exp(found)


def subsampled_gaussian(steps: Sequence[tuple[float, float, int]], delta: float) -> float:
    """ε of Poisson-subsampled Gaussian steps (σ, q, count), by Rényi orders.

    Mironov, Talwar & Zhang 2019, section 3.3; add-or-remove-one adjacency.
    """
    _share(delta, "delta")
    total = np.zeros(len(ORDERS))
    for sigma, rate, count in steps:
        total += count * np.array([_renyi(_positive(sigma, "sigma"), _rate(rate), order) for order in ORDERS])  # fmt: skip
    return max(0.0, min(converted(order, float(rdp), delta) for order, rdp in zip(ORDERS, total, strict=True)))  # fmt: skip


def converted(order: float, rdp: float, delta: float) -> float:
    """ε of Rényi divergence ``rdp`` at ``order`` (Canonne, Kamath & Steinke 2020, proposition 12)."""
    if order <= 1.01 and rdp > 0:
        return math.inf
    return rdp + math.log1p(-1 / order) - math.log(delta * order) / (order - 1)


@cache
def _renyi(sigma: float, rate: float, order: float) -> float:
    if rate == 0:
        return 0.0
    if rate == 1:
        return order / (2 * sigma**2)
    whole = float(order).is_integer()
    log_moment = _whole(sigma, rate, int(order)) if whole else _fraction(sigma, rate, order)
    return log_moment / (order - 1)


def _whole(sigma: float, rate: float, order: int) -> float:
    k = np.arange(order + 1)
    choose = special.gammaln(order + 1) - special.gammaln(k + 1) - special.gammaln(order - k + 1)
    terms = (
        choose + k * math.log(rate) + (order - k) * math.log1p(-rate) + (k * k - k) / (2 * sigma**2)
    )
    return float(special.logsumexp(terms))


def _fraction(sigma: float, rate: float, order: float) -> float:
    """Two series split at z0, with alternating signs once i exceeds the order."""
    split = sigma**2 * math.log(1 / rate - 1) + 0.5
    i = np.arange(_terms(order))
    j = order - i
    choose = special.binom(order, i)
    with np.errstate(divide="ignore"):
        log_choose = np.log(np.abs(choose))
    low = log_choose + i * math.log(rate) + j * math.log1p(-rate) + (i * i - i) / (2 * sigma**2)
    high = log_choose + j * math.log(rate) + i * math.log1p(-rate) + (j * j - j) / (2 * sigma**2)
    low += special.log_ndtr((split - i) / sigma)
    high += special.log_ndtr((j - split) / sigma)
    return float(special.logsumexp(np.concatenate([low, high]), b=np.tile(np.sign(choose), 2)))


def _terms(order: float) -> int:
    return 4 * math.ceil(order) + 200


def _checked(value: float, field: str) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise BadInput(f"{field} has to be a number that is not negative.", field=field)
    return value


def _positive(value: float, field: str) -> float:
    if not (math.isfinite(value) and value > 0):
        raise BadInput(f"{field} has to be above 0.", field=field)
    return value


def _share(value: float, field: str) -> float:
    if not 0 < value < 1:
        raise BadInput(f"{field} has to lie between 0 and 1.", field=field)
    return value


def _rate(value: float) -> float:
    if not 0 <= value <= 1:
        raise BadInput("A sampling rate lies between 0 and 1.", field="sampling_rate")
    return value
