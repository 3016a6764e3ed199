"""Canaries: mislabelled records that fair coins put into the training data or leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.membership.signals import Bools

FEWEST = 20


@dataclass(frozen=True, slots=True, eq=False)
class Canaries:
    """Which rows are canaries, the labels they get, and how their coins fell. Keep it secret until the audit."""

    positions: NDArray[np.intp]
    labels: NDArray[Any]
    included: Bools

    def plant(self, x: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        """The training data: canaries mislabelled, and those left out by their coins removed."""
        labels = np.array(y, copy=True)
        labels[self.positions] = self.labels
        keep = np.ones(len(labels), bool)
        keep[self.positions[~self.included]] = False
        rows = np.flatnonzero(keep)
        return (x.iloc[rows] if hasattr(x, "iloc") else x[rows]), labels[rows]

    def __repr__(self) -> str:
        return f"<Canaries {len(self.positions)}>"


def make_canaries(
    labels: Sequence[Any] | NDArray[Any], count: int, seed: int | None = None
) -> Canaries:
    """Pick rows, give each a wrong label at random, and flip its coin (without a seed: unpredictable)."""
    given = np.asarray(labels)
    classes = np.unique(given)
    if not FEWEST <= count <= len(given):
        raise BadInput(f"Between {FEWEST} and {len(given)} canaries can be made.", field="count")
    if len(classes) < 2:
        raise BadInput("A wrong label needs at least two classes.", field="labels")
    rng = np.random.default_rng(seed)
    positions = np.sort(rng.permutation(len(given))[:count])
    own = np.searchsorted(classes, given[positions])
    wrong = (own + rng.integers(1, len(classes), count)) % len(classes)
    return Canaries(positions, classes[wrong], rng.random(count) < 0.5)
