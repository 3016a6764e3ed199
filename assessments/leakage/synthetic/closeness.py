"""Distance to the closest record, and membership by density ratio.

DCR: of synthetic rows nearer to one side than the other, the share nearer to training, against
one half, with equally many training and control rows. It can pass while attacks succeed, so it is
never a pass criterion. Density ratio (van Breugel 2023): a member lies closer to the synthetic
rows than its distance to an independent reference explains; reported as AUC.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from assessments.leakage.measurement import Estimate
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.synthetic.neighbours import nearest
from assessments.leakage.synthetic.tables import Rows

TINY = 1e-6


def closer_to_training(
    training: Rows,
    synthetic: Rows,
    control: Rows,
    n: int,
    rng: np.random.Generator,
    confidence: float,
) -> Estimate:
    """The share nearer to training, ties left out, with its exact binomial interval."""
    queries = synthetic.sample(n, rng)
    to_train, to_control = (nearest(queries, side)[0][:, 0] for side in (training, control))
    nearer, farther = int((to_train < to_control).sum()), int((to_train > to_control).sum())
    if nearer + farther == 0:
        return Estimate(0.5, 0.0, 1.0)
    return clopper_pearson(nearer, nearer + farther, confidence)


def density_ratio(
    training: Rows, synthetic: Rows, control: Rows, n: int, rng: np.random.Generator
) -> Estimate:
    """AUC of the density-ratio attack on members against the half of control that is no reference."""
    outside, reference = control.split(rng)
    members, others = training.sample(n, rng), outside.sample(n, rng)
    made = synthetic.sample(len(reference), rng)
    inside, beyond = (_score(side, made, reference) for side in (members, others))
    area = float(stats.mannwhitneyu(inside, beyond).statistic) / (len(inside) * len(beyond))
    error = 1.959964 * _hanley(area, len(inside), len(beyond))
    return Estimate(area, max(0.0, area - error), min(1.0, area + error))


def _score(
    targets: Rows, made: Rows, reference: Rows
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    ratio = (nearest(targets, reference)[0][:, 0] + TINY) / (nearest(targets, made)[0][:, 0] + TINY)
    return np.asarray(ratio, np.float32)


def _hanley(area: float, n: int, m: int) -> float:
    """Standard error of an AUC (Hanley & McNeil 1982)."""
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (n - 1) * (one - area * area) + (m - 1) * (two - area * area)
    return math.sqrt(max(0.0, spread) / (n * m))
