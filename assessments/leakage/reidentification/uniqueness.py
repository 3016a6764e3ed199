"""Population uniqueness from a sample, as a band of models and never as one number.

Pitman (Hoshino 2001), Zayatz (1991) and the slide negative binomial (Chen & Keller-McNulty 1998).
SNB's second moment divides by (1 − d)^(α+2); multiplying there, as a widely used tool does, never
converges below a full sample. No model is always best: the band spans all three, widened by how far
each model misses a truth that is known (the uniques of this sample, seen from parts of it drawn at
the same fraction, the worst of three) and by the luck of the draw (1.96/√s₁, as uniques are Poisson
where they are few of many).

What it covers was measured, not proven. Over seeds at fractions of 5, 10, 20 and 50 % the band held
the truth in nearly all draws on Adult, on a heavy-tailed and on a rounded normal population. It
overstates, and may miss from above, where the population is built unlike a model: people who come
in pairs, few and narrow attributes, samples below some hundred records. A population table is better
than any model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from assessments.errors import BadInput
from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification.classes import Histogram

SMALLEST_PART = 0.1
SOLVED = 1e-24
PARTS = 3
Model = Callable[[Histogram, float], float | None]


@dataclass(frozen=True, slots=True)
class Band:
    """Population uniques by each model that converged, and the band with model error."""

    models: Mapping[str, float]
    errors: Mapping[str, float]
    low: float
    high: float

    def as_estimates(self) -> dict[str, Estimate]:
        """Under the models' names; the band itself has its middle (geometric) as value."""
        middle = math.sqrt(max(self.low, 0.5) * max(self.high, 0.5))
        band = Estimate(min(max(middle, self.low), self.high), self.low, self.high)
        each = {
            f"population_uniques_{name}": Estimate.exact(value)
            for name, value in self.models.items()
        }
        return {"population_uniques": band} | each


def estimate(histogram: Histogram, population: float, seed: int = 0) -> Band:
    """The band for a sample out of a population of a size."""
    rows = histogram.rows
    if population < rows:
        raise BadInput("A population is at least as large as its sample.", field="population_size")
    models = _run(histogram, rows / population)
    errors = _errors(histogram, max(rows / population, SMALLEST_PART), seed)
    spread = max((errors[name] for name in models if name in errors), default=math.log(2))
    spread += 1.96 / math.sqrt(max(1, histogram.of_size(1))) if population > rows else 0.0
    ends = models.values() or [float(histogram.of_size(1))]
    low, high = min(ends) * math.exp(-spread), max(ends) * math.exp(spread)
    return Band(models, errors, min(low, population), min(high, population))


def _errors(histogram: Histogram, fraction: float, seed: int) -> dict[str, float]:
    """How far, as a log ratio, each model at worst misses the uniques of the sample from parts."""
    rng, worst = np.random.default_rng(seed), dict[str, float]()
    for _ in range(PARTS):
        part = _thinned(histogram, fraction, rng)
        for name, guess in _run(part, part.rows / histogram.rows).items():
            missed = abs(math.log((guess + 0.5) / (histogram.of_size(1) + 0.5)))
            worst[name] = max(missed, worst.get(name, 0.0))
    return worst


def pitman(histogram: Histogram, fraction: float) -> float | None:
    """Ewens–Pitman likelihood in θ and α; uniques ≈ Γ(θ + 1)/Γ(θ + α)·N^α."""
    sizes, counts, classes, rows = (
        histogram.sizes,
        histogram.counts,
        histogram.classes,
        histogram.rows,
    )

    def negative(point: np.ndarray) -> float:
        theta, alpha = (
            math.exp(min(point[0], 40.0)),
            float(np.clip(special.expit(point[1]), 1e-9, 1 - 1e-9)),
        )
        grown = (
            classes * math.log(alpha)
            + special.gammaln(theta / alpha + classes)
            - special.gammaln(theta / alpha)
        )
        spread = special.gammaln(theta + rows) - special.gammaln(theta)
        inside = (counts * (special.gammaln(sizes - alpha) - special.gammaln(1 - alpha))).sum()
        return -float(grown - spread + inside)

    starts = [(math.log(max(1.0, classes / 10)), 0.0), (0.0, -2.0), (math.log(classes + 1.0), 1.0)]
    rough = [_descend(negative, start, 1e-3) for start in starts]
    best = _descend(negative, min(rough, key=lambda run: float(run.fun)).x, 1e-10)
    theta, alpha = math.exp(best.x[0]), float(special.expit(best.x[1]))
    if not math.isfinite(best.fun):
        return None
    return math.exp(
        special.gammaln(theta + 1)
        - special.gammaln(theta + alpha)
        + alpha * math.log(rows / fraction)
    )


def _descend(target: Callable[[np.ndarray], float], start: Sequence[float], close: float) -> Any:
    options = {"xatol": 10 * close, "fatol": close, "maxiter": 4000}
    return optimize.minimize(target, start, method="Nelder-Mead", options=options)


def zayatz(histogram: Histogram, fraction: float) -> float | None:
    """s_1/f · P(unique in the population | unique in the sample), class sizes as in the sample."""
    rows = histogram.rows
    population = round(rows / fraction)
    shares = histogram.counts / histogram.classes
    once = stats.hypergeom.pmf(1, population, histogram.sizes, rows)
    total = float((shares * once).sum())
    of_one = float(shares[histogram.sizes == 1].sum()) * rows / population
    return histogram.of_size(1) / fraction * of_one / total if total > 0 else None


def snb(histogram: Histogram, fraction: float) -> float | None:
    """Slide negative binomial, solved for α and β from the expected uniques and pairs."""
    first, second = histogram.of_size(1), histogram.of_size(2)
    classes = _population_classes(histogram, fraction)
    if fraction >= 1:
        return float(first)
    if not first or not second or classes is None:
        return None

    def gaps(point: np.ndarray) -> list[float]:
        alpha, beta = math.exp(point[0]), float(special.expit(point[1]))
        d = (1 - fraction) * (1 - beta)
        base = math.log(classes) + alpha * (math.log(beta) - math.log1p(-d))
        ones = base + math.log(fraction) + math.log1p(alpha * d / (1 - d))
        twos = base + math.log(alpha / 2) + 2 * math.log(fraction) + math.log1p(-beta)
        twos += math.log(2 - (1 - alpha) * d) - 2 * math.log1p(-d)
        return [ones - math.log(first), twos - math.log(second)]

    starts = [(a, b) for a in (-3.0, -1.0, 0.0, 2.0) for b in (-6.0, -3.0, 0.0, 3.0)]
    best = None
    for start in starts:
        run = optimize.least_squares(
            gaps, start, bounds=([-30, -40], [30, 40]), xtol=1e-14, ftol=1e-14, gtol=1e-14
        )
        best = run if best is None or run.cost < best.cost else best
        if best.cost < SOLVED:
            break
    if best is None or best.cost > 1e-10:
        return None
    return math.exp(math.log(classes) + math.exp(best.x[0]) * math.log(special.expit(best.x[1])))


MODELS: Mapping[str, Model] = {"pitman": pitman, "zayatz": zayatz, "snb": snb}


def dankar(models: Mapping[str, float], fraction: float) -> float | None:
    """Dankar's rule (2012): Pitman up to a tenth, else the smaller of SNB and Zayatz."""
    if fraction <= 0.1:
        return models.get("pitman")
    return min((models[name] for name in ("snb", "zayatz") if name in models), default=None)


def _run(histogram: Histogram, fraction: float) -> dict[str, float]:
    found = {name: model(histogram, fraction) for name, model in MODELS.items()}
    return {
        name: value for name, value in found.items() if value is not None and math.isfinite(value)
    }


def _population_classes(histogram: Histogram, f: float) -> float | None:
    """Shlosser's third estimator of the number of population classes (Haas & Stokes 1998)."""
    j, s = histogram.sizes.astype(np.float64), histogram.counts
    seen, first = histogram.classes, histogram.of_size(1)
    if f >= 1 or not first:
        return float(seen)
    missed = np.exp(j * math.log1p(-f))
    growth = (np.exp(j * (math.log1p(-f) + math.log1p(f))) - missed) * s
    top = (j * f * f * np.exp((j - 1) * math.log1p(-f * f)) * s).sum()
    ratio = (missed * s).sum() / (j * f * np.exp((j - 1) * math.log1p(-f)) * s).sum()
    return float(seen + first * (top / growth.sum()) * ratio**2)


def _thinned(histogram: Histogram, fraction: float, rng: np.random.Generator) -> Histogram:
    each = np.repeat(histogram.sizes, histogram.counts)
    kept = rng.multivariate_hypergeometric(
        each, max(1, min(histogram.rows // 2, round(histogram.rows * fraction))), method="marginals"
    )
    sizes, counts = np.unique(kept[kept > 0], return_counts=True)
    return Histogram(sizes.astype(np.int64), counts.astype(np.int64))
