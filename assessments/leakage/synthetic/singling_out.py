"""Singling out (WP216): predicates that isolate one synthetic row, tried on real rows.

A guess succeeds when its predicate holds for exactly one row. Univariate: a rare value, or an
extreme of a numeric column. Multivariate: several attributes of one synthetic row together. The
same predicates meet an equally large control, since counts depend on the size of the table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.predicates import LAST, Index, Predicates
from assessments.leakage.synthetic.tables import Rows

COLUMNS = 4
TRIES = 20
ROUNDS = 10


def univariate(
    training: Rows, synthetic: Rows, control: Rows, n: int, rng: np.random.Generator
) -> Outcome:
    """Rare values and extremes of single columns."""
    found = [each for column in range(len(synthetic.names)) for each in _rare(synthetic, column)]
    order = rng.permutation(len(found))[:n]
    picked = _single([found[i] for i in order])
    guesses = _random(synthetic, len(picked), 1, rng)
    return _outcome("singling_out_univariate", picked, guesses, training, control)


def multivariate(
    training: Rows,
    synthetic: Rows,
    control: Rows,
    n: int,
    rng: np.random.Generator,
    columns: int = COLUMNS,
) -> Outcome:
    """Attributes of one synthetic row together, kept when they isolate it among the synthetic rows."""
    width = min(columns, len(synthetic.names))
    medians = np.array([_median(column) for column in synthetic.codes.T], np.int32)
    index, picked = Index(synthetic), _single([], width)
    for _ in range(ROUNDS):
        drawn = _around(synthetic, TRIES * n // ROUNDS, width, medians, rng)
        picked = picked.joined(drawn.take(np.flatnonzero(index.count(drawn) == 1)))
        if len(picked) >= n:
            break
    picked = picked.take(slice(n))
    guesses = _random(synthetic, len(picked), width, rng)
    return _outcome("singling_out_multivariate", picked, guesses, training, control)


def _outcome(
    name: str, picked: Predicates, guesses: Predicates, training: Rows, control: Rows
) -> Outcome:
    real = Index(training)
    return Outcome(
        name,
        n=len(picked),
        training=_alone(real, picked),
        control=_alone(Index(control), picked),
        chance=_alone(real, guesses),
    )


def _alone(index: Index, asked: Predicates) -> int:
    return int((index.count(asked) == 1).sum())


def _single(conditions: Sequence[tuple[int, int, int]], width: int = 1) -> Predicates:
    """Predicates of one condition each; without any, an empty set of a width."""
    columns, low, high = zip(*conditions, strict=True) if conditions else ((), (), ())
    shape = (len(conditions), width)
    return Predicates(
        np.array(columns, np.intp).reshape(shape),
        np.array(low, np.int32).reshape(shape),
        np.array(high, np.int32).reshape(shape),
    )


def _rare(rows: Rows, column: int) -> list[tuple[int, int, int]]:
    values, counts = np.unique(rows.codes[:, column], return_counts=True)
    found = [(column, int(value), int(value)) for value in values[counts == 1]]
    present = values[values > 0]
    if rows.numeric[column] and len(present):
        found += [(column, 1, int(present[0])), (column, int(present[-1]), LAST)]
    return found


def _around(
    rows: Rows, count: int, width: int, medians: NDArray[np.int32], rng: np.random.Generator
) -> Predicates:
    """Values of random rows in random attributes, numbers as the tail that they lie in."""
    places = rng.integers(len(rows), size=count)[:, None]
    columns = _columns(rows, count, width, rng)
    codes = rows.codes[places, columns]
    equal, upper = ~rows.numeric[columns] | (codes == 0), codes >= medians[columns]
    low = np.where(equal | upper, codes, 1).astype(np.int32)
    return Predicates(columns, low, np.where(upper & ~equal, LAST, codes).astype(np.int32))


def _random(rows: Rows, count: int, width: int, rng: np.random.Generator) -> Predicates:
    """Conditions that anybody could guess: any value that occurs, any cut within the range."""
    columns = _columns(rows, count, width, rng)
    upper = rng.random(columns.shape) < 0.5
    low, high = np.ones(columns.shape, np.int32), np.full(columns.shape, LAST, np.int32)
    for column in range(len(rows.names)):
        here, codes = columns == column, np.unique(rows.codes[:, column])
        if rows.numeric[column] and codes.any():
            cut = _cuts(rows, column, int(here.sum()), rng)
            low[here], high[here] = np.where(upper[here], cut, 1), np.where(upper[here], LAST, cut)
        else:
            low[here] = high[here] = rng.choice(codes, int(here.sum()))
    return Predicates(columns, low, high)


def _cuts(rows: Rows, column: int, count: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Codes of the values at or above points drawn evenly from the range."""
    numbers = rows.numbers[:, column]
    values, first = np.unique(numbers[~np.isnan(numbers)], return_index=True)
    drawn = np.searchsorted(values, rng.uniform(values[0], values[-1], count))
    codes: NDArray[np.int32] = rows.codes[~np.isnan(numbers), column][first][drawn]
    return codes


def _columns(rows: Rows, count: int, width: int, rng: np.random.Generator) -> NDArray[np.intp]:
    return rng.random((count, len(rows.names))).argsort(axis=1)[:, :width]


def _median(codes: NDArray[np.int32]) -> int:
    present = codes[codes > 0]
    return int(np.median(present)) if len(present) else 0
