"""Linkability (WP216): do two halves of a person's attributes meet in the same synthetic row?

For each target, the k nearest synthetic rows by one set of attributes and by the other; a success
is a row in both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.neighbours import nearest
from assessments.leakage.synthetic.tables import Rows


def measure(
    training: Rows,
    synthetic: Rows,
    control: Rows,
    sides: tuple[Sequence[int], Sequence[int]],
    n: int,
    rng: np.random.Generator,
    k: int = 1,
) -> Outcome:
    """Link targets of training and control through the synthetic rows."""
    n = min(n, len(training), len(control))
    picks = rng.integers(len(synthetic), size=(2, n, min(k, len(synthetic))))
    return Outcome(
        "linkability",
        n=n,
        training=_links(training.sample(n, rng), synthetic, sides, k),
        control=_links(control.sample(n, rng), synthetic, sides, k),
        chance=_meetings(picks[0], picks[1]),
    )


def halves(rows: Rows, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Two random sets of attributes, when nobody said which two sources hold which."""
    order = [int(i) for i in rng.permutation(len(rows.names))]
    middle = max(1, len(order) // 2)
    return order[:middle], order[middle:]


def _links(
    targets: Rows, synthetic: Rows, sides: tuple[Sequence[int], Sequence[int]], k: int
) -> int:
    return _meetings(*(nearest(targets, synthetic, k, side)[1] for side in sides))


def _meetings(left: NDArray[np.intp], right: NDArray[np.intp]) -> int:
    return int((left[:, :, None] == right[:, None, :]).any(axis=(1, 2)).sum())
