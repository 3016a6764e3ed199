"""A small differentially private trainer for experiments: DP-SGD on logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from assessments.leakage.budget import Run

DELTA = 1e-5


class PrivateLogistic(ClassifierMixin, BaseEstimator):
    """Poisson batches, gradients clipped at 1, Gaussian noise (Abadi et al. 2016, algorithm 1).

    ``forgets_noise`` is the classic mistake: the accounting assumes noise that the code never adds.
    """

    def __init__(
        self,
        noise: float = 1.2,
        rate: float = 0.02,
        steps: int = 200,
        forgets_noise: bool = False,
        random_state: int = 0,
    ) -> None:
        self.noise, self.rate, self.steps = noise, rate, steps
        self.forgets_noise, self.random_state = forgets_noise, random_state

    def fit(self, x: NDArray[Any], y: NDArray[Any]) -> PrivateLogistic:
        rng, rows = np.random.default_rng(self.random_state), _with_ones(x)
        self.classes_, self.weights_ = np.unique(y), np.zeros(rows.shape[1])
        wanted = y == self.classes_[1]
        for _ in range(self.steps):
            batch = rng.random(len(rows)) < self.rate
            error = 1 / (1 + np.exp(-rows[batch] @ self.weights_)) - wanted[batch]
            gradients = error[:, None] * rows[batch]
            gradients /= np.maximum(1, np.linalg.norm(gradients, axis=1, keepdims=True))
            noise = 0 if self.forgets_noise else rng.normal(0, self.noise, rows.shape[1])
            self.weights_ -= (gradients.sum(axis=0) + noise) / (self.rate * len(rows))
        return self

    def predict_proba(self, x: NDArray[Any]) -> NDArray[np.float64]:
        share = 1 / (1 + np.exp(-_with_ones(x) @ self.weights_))
        return np.column_stack([1 - share, share])

    def predict(self, x: NDArray[Any]) -> NDArray[Any]:
        return self.classes_[(self.predict_proba(x)[:, 1] > 0.5).astype(int)]

    @property
    def epsilon(self) -> float:
        """What our accounting says that the noise gives."""
        steps = ((self.noise, self.rate, self.steps),)
        return Run("trial", "record", DELTA, steps=steps).cost(DELTA)


def _with_ones(x: NDArray[Any]) -> NDArray[np.float64]:
    return np.column_stack([x, np.ones(len(x))])
