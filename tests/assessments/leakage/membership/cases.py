"""Signals with a known leak: a score of N(μ, 1) for members and N(0, 1) for everybody else."""

from __future__ import annotations

import numpy as np

from assessments.leakage.membership import Signals, from_arrays


def shifted(
    mu: float, n: int = 2000, models: int = 16, seed: int = 0, exposed: float = 1.0
) -> Signals:
    """n members and n others; ``exposed`` is the share of members that the shift concerns."""
    rng = np.random.default_rng(seed)
    member = rng.permutation(2 * n) < n
    base = rng.normal(0, 1, 2 * n)
    trained = np.column_stack([rng.permutation(2 * n) < n for _ in range(models)])
    concerned = rng.random(2 * n) < exposed
    references = base[:, None] + rng.normal(0, 1, trained.shape) + mu * trained * concerned[:, None]
    target = base + rng.normal(0, 1, 2 * n) + mu * member * concerned
    return from_arrays(target, member, "logit", references, trained)
