"""Singling out (WP216): predicates that isolate one synthetic row, tried on real rows.

A guess succeeds when its predicate holds for exactly one row. Univariate: a rare value, or an
extreme of a numeric column. Multivariate: several attributes of one synthetic row together. The
same predicates meet an equally large control, since counts depend on the size of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.tables import Rows

COLUMNS = 4
TRIES = 20


@dataclass(frozen=True, slots=True)
class Condition:
    """One attribute of a predicate: equal, at most or at least."""

    column: int
    operator: str
    value: float

    def holds(self, rows: Rows) -> NDArray[np.bool_]:
        """Which rows it holds for."""
        if self.operator == "==":
            return np.equal(rows.codes[:, self.column], self.value)
        numbers = rows.numbers[:, self.column]
        return numbers <= self.value if self.operator == "<=" else numbers >= self.value


Predicate = tuple[Condition, ...]


def univariate(
    training: Rows, synthetic: Rows, control: Rows, n: int, rng: np.random.Generator
) -> Outcome:
    """Rare values and extremes of single columns."""
    candidates = [
        predicate
        for column in range(len(synthetic.names))
        for predicate in _rare(synthetic, column)
    ]
    picked = [candidates[i] for i in rng.permutation(len(candidates))[:n]]
    guesses = [_random(synthetic, 1, rng) for _ in picked]
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
    medians = np.array([_median(synthetic.numbers[:, i]) for i in range(len(synthetic.names))])
    picked: list[Predicate] = []
    for _ in range(TRIES * n):
        if len(picked) == n:
            break
        row = int(rng.integers(len(synthetic)))
        chosen = rng.permutation(len(synthetic.names))[:width]
        predicate = tuple(_around(synthetic, row, int(column), medians) for column in chosen)
        if count(predicate, synthetic) == 1:
            picked.append(predicate)
    guesses = [_random(synthetic, width, rng) for _ in picked]
    return _outcome("singling_out_multivariate", picked, guesses, training, control)


def count(predicate: Predicate, rows: Rows) -> int:
    """How many rows a predicate holds for."""
    held = predicate[0].holds(rows)
    for condition in predicate[1:]:
        held = held & condition.holds(rows)
    return int(held.sum())


def _outcome(
    name: str,
    picked: Sequence[Predicate],
    guesses: Sequence[Predicate],
    training: Rows,
    control: Rows,
) -> Outcome:
    return Outcome(
        name,
        n=len(picked),
        training=sum(count(predicate, training) == 1 for predicate in picked),
        control=sum(count(predicate, control) == 1 for predicate in picked),
        chance=sum(count(predicate, training) == 1 for predicate in guesses),
    )


def _rare(rows: Rows, column: int) -> list[Predicate]:
    values, counts = np.unique(rows.codes[:, column], return_counts=True)
    found: list[Predicate] = [
        (Condition(column, "==", int(value)),) for value in values[counts == 1]
    ]
    numbers = rows.numbers[:, column]
    if rows.numeric[column] and not np.isnan(numbers).all():
        found += [(Condition(column, "<=", float(np.nanmin(numbers))),)]
        found += [(Condition(column, ">=", float(np.nanmax(numbers))),)]
    return found


def _around(rows: Rows, row: int, column: int, medians: NDArray[np.float64]) -> Condition:
    number = rows.numbers[row, column]
    if not rows.numeric[column] or np.isnan(number):
        return Condition(column, "==", int(rows.codes[row, column]))
    return Condition(column, ">=" if number >= medians[column] else "<=", float(number))


def _random(rows: Rows, width: int, rng: np.random.Generator) -> Predicate:
    return tuple(
        _random_condition(rows, int(column), rng)
        for column in rng.permutation(len(rows.names))[:width]
    )


def _random_condition(rows: Rows, column: int, rng: np.random.Generator) -> Condition:
    numbers = rows.numbers[:, column]
    if not rows.numeric[column] or np.isnan(numbers).all():
        return Condition(column, "==", int(rng.choice(np.unique(rows.codes[:, column]))))
    value = float(rng.uniform(np.nanmin(numbers), np.nanmax(numbers)))
    return Condition(column, str(rng.choice([">=", "<="])), value)


def _median(numbers: NDArray[np.float64]) -> float:
    present = numbers[~np.isnan(numbers)]
    return float(np.median(present)) if len(present) else 0.0
