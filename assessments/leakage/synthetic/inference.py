"""Inference (WP216): the secret of the nearest synthetic row, against control and imputation.

Imputation predicts the secret from the same known attributes with a model that never saw the
release; an attack that is no better has shown statistics, not a person. A numeric guess counts
when it is within a tenth of the interquartile range, an absolute distance. The model learns in one
thread: its threads wait for each other many times a tree, which costs most where others compute too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from assessments.leakage.rates import residual, wilson
from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.neighbours import nearest
from assessments.leakage.synthetic.tables import Rows

TOLERANCE = 0.1
MOST_CLASSES = 30
TRAINING_ROWS = 5_000


def measure(
    training: Rows,
    synthetic: Rows,
    control: Rows,
    secret: int,
    known: Sequence[int],
    n: int,
    rng: np.random.Generator,
) -> Outcome:
    """Infer one secret of training and control targets; impute only where there is something to explain."""
    n = min(n, len(training), len(control) // 2)
    order = rng.permutation(len(control))
    targets, held, apart = training.sample(n, rng), control.take(order[:n]), control.take(order[n:])
    tolerance = _tolerance(training, secret)
    hits = _hits(targets, _guess(targets, synthetic, secret, known), secret, tolerance)
    control_hits = _hits(held, _guess(held, synthetic, secret, known), secret, tolerance)
    drawn = _secret(synthetic, secret)[rng.integers(len(synthetic), size=n)]
    gap = residual(wilson(hits, n), wilson(control_hits, n)).low or 0.0
    imputed = _imputed(apart, targets, secret, known, tolerance, rng) if gap > 0 else None
    name = f"inference of {synthetic.names[secret]}"
    return Outcome(name, n, hits, control_hits, _hits(targets, drawn, secret, tolerance), imputed)


def _secret(rows: Rows, secret: int) -> NDArray[np.float64]:
    return (
        rows.numbers[:, secret]
        if rows.numeric[secret]
        else rows.codes[:, secret].astype(np.float64)
    )


def _guess(
    targets: Rows, synthetic: Rows, secret: int, known: Sequence[int]
) -> NDArray[np.float64]:
    return _secret(synthetic, secret)[nearest(targets, synthetic, 1, known)[1][:, 0]]


def _hits(targets: Rows, guesses: NDArray[np.float64], secret: int, tolerance: float) -> int:
    truth = _secret(targets, secret)
    both_missing = np.isnan(truth) & np.isnan(guesses)
    return int(((np.abs(truth - guesses) <= tolerance) | both_missing).sum())


def _tolerance(rows: Rows, secret: int) -> float:
    if not rows.numeric[secret] or np.isnan(rows.numbers[:, secret]).all():
        return 0.0
    low, high = np.nanpercentile(rows.numbers[:, secret], [25, 75])
    return float(TOLERANCE * (high - low))


def _imputed(
    apart: Rows,
    targets: Rows,
    secret: int,
    known: Sequence[int],
    tolerance: float,
    rng: np.random.Generator,
) -> int | None:
    learned = apart.sample(TRAINING_ROWS, rng)
    truth = _secret(learned, secret)
    present = ~np.isnan(truth)
    few = len(np.unique(truth[present])) <= MOST_CLASSES
    if len(np.unique(truth[present])) < 2:
        return None
    kind = HistGradientBoostingClassifier if few else HistGradientBoostingRegressor
    model = kind(max_iter=50, early_stopping=False, random_state=int(rng.integers(2**31)))
    with threadpool_limits(1, "openmp"):
        model.fit(_features(learned, known)[present], truth[present])
        guesses = np.asarray(model.predict(_features(targets, known)), np.float64)
    return _hits(targets, guesses, secret, tolerance)


def _features(rows: Rows, known: Sequence[int]) -> NDArray[np.float64]:
    return np.column_stack([_secret(rows, column) for column in known])
