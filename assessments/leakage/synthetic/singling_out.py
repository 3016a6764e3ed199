"""Singling out (WP216): predicates that isolate one synthetic row, tried on real rows.

A guess succeeds when its predicate holds for exactly one row. Univariate: a rare value, or an
extreme of a numeric column. Multivariate: several attributes of one synthetic row together. The
same predicates meet an equally large control, since counts depend on the size of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.tables import Rows

COLUMNS = 4
TRIES = 20
Predicate: TypeAlias = "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Condition:
    """One attribute of a predicate: equal, at most or at least."""

    column: int
    operator: str
    value: float


class Index:
    """Rows sorted by each column once, so that a predicate looks only where it can hold."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._sorted: dict[tuple[int, bool], tuple[NDArray[np.intp], NDArray[np.float64]]] = {}

    def count(self, predicate: Predicate) -> int:
        """How many rows a predicate holds for: its narrowest condition first, the others within."""
        slices = [self._slice(condition) for condition in predicate]
        narrowest = min(range(len(slices)), key=lambda i: len(slices[i]))
        places = slices[narrowest]
        for i, condition in enumerate(predicate):
            if i != narrowest and len(places):
                places = places[self._holds(condition, places)]
        return len(places)

    def _slice(self, condition: Condition) -> NDArray[np.intp]:
        order, values = self._order(condition.column, condition.operator == "==")
        first = (
            0 if condition.operator == "<=" else np.searchsorted(values, condition.value, "left")
        )
        last = (
            len(values)
            if condition.operator == ">="
            else np.searchsorted(values, condition.value, "right")
        )
        return order[first:last]

    def _order(self, column: int, codes: bool) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        if (column, codes) not in self._sorted:
            values = self._values(column, codes)
            order = np.argsort(values, kind="stable")
            order = order[: len(order) - int(np.isnan(values).sum())]
            self._sorted[column, codes] = (order, values[order])
        return self._sorted[column, codes]

    def _values(self, column: int, codes: bool) -> NDArray[np.float64]:
        return (
            self.rows.codes[:, column].astype(np.float64) if codes else self.rows.numbers[:, column]
        )

    def _holds(self, condition: Condition, places: NDArray[np.intp]) -> NDArray[np.bool_]:
        if condition.operator == "==":
            return np.equal(self.rows.codes[places, condition.column], condition.value)
        numbers = self.rows.numbers[places, condition.column]
        return np.asarray(
            numbers <= condition.value if condition.operator == "<=" else numbers >= condition.value
        )


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
    index, picked = Index(synthetic), list[Predicate]()
    for _ in range(TRIES * n):
        if len(picked) == n:
            break
        row = int(rng.integers(len(synthetic)))
        chosen = rng.permutation(len(synthetic.names))[:width]
        predicate = tuple(_around(synthetic, row, int(column), medians) for column in chosen)
        if index.count(predicate) == 1:
            picked.append(predicate)
    guesses = [_random(synthetic, width, rng) for _ in picked]
    return _outcome("singling_out_multivariate", picked, guesses, training, control)


def _outcome(
    name: str,
    picked: Sequence[Predicate],
    guesses: Sequence[Predicate],
    training: Rows,
    control: Rows,
) -> Outcome:
    real, held = Index(training), Index(control)
    return Outcome(
        name,
        n=len(picked),
        training=sum(real.count(predicate) == 1 for predicate in picked),
        control=sum(held.count(predicate) == 1 for predicate in picked),
        chance=sum(real.count(predicate) == 1 for predicate in guesses),
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
