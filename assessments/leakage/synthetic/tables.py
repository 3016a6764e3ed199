"""Original, synthetic and control rows under one encoding.

Every column gets integer codes (for equality, a missing value being a value of its own) and, when
numeric everywhere, a scale from 0 to 1 (for distances, missing being one apart from any number).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.relation import Relation

MISSING = 2.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Encoded rows: equality codes, distances 0..1, numbers as they were; columns in one order."""

    names: tuple[str, ...]
    numeric: NDArray[np.bool_]
    codes: NDArray[np.int32]
    scaled: NDArray[np.float32]
    numbers: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, positions: NDArray[np.intp]) -> Rows:
        """Some of the rows."""
        return replace(
            self,
            codes=self.codes[positions],
            scaled=self.scaled[positions],
            numbers=self.numbers[positions],
        )

    def sample(self, size: int, rng: np.random.Generator) -> Rows:
        """At most ``size`` rows, drawn without replacement."""
        return self if len(self) <= size else self.take(rng.permutation(len(self))[:size])

    def split(self, rng: np.random.Generator) -> tuple[Rows, Rows]:
        """Two random halves of equal size."""
        order, half = rng.permutation(len(self)), len(self) // 2
        return self.take(order[:half]), self.take(order[half : 2 * half])

    def planted(
        self,
        other: Rows,
        share: float,
        rng: np.random.Generator,
        columns: Sequence[int] | None = None,
        kept: float = 1.0,
        always: Sequence[int] = (),
    ) -> Rows:
        """These rows with a share of them replaced by rows of another table.

        Only ``columns`` are replaced when they are named; each cell with probability ``kept``, all
        but one at most where that is below 1, save the columns that ``always`` are.
        """
        count = min(max(1, round(share * len(self))), len(other), len(self))
        places, picked = rng.permutation(len(self))[:count], rng.permutation(len(other))[:count]
        taken = np.zeros((count, len(self.names)), np.bool_)
        taken[:, slice(None) if columns is None else list(columns)] = True
        if kept < 1:
            taken &= rng.random(taken.shape) < kept
            taken[np.arange(count), rng.integers(taken.shape[1], size=count)] = False
        taken[:, list(always)] = True
        parts = {}
        for name in ("codes", "scaled", "numbers"):
            values = getattr(self, name).copy()
            values[places] = np.where(taken, getattr(other, name)[picked], values[places])
            parts[name] = values
        return replace(self, **parts)

    def positions(self, names: Sequence[str]) -> list[int]:
        """Where the named columns are."""
        return [self.names.index(name) for name in names]


def encode(relations: Sequence[Relation]) -> tuple[Rows, ...]:
    """Encode the columns that all tables share, in the order of the first."""
    names = [
        c.name for c in relations[0].columns if all(c.name in _names(other) for other in relations)
    ]
    if not names:
        raise BadInput("These tables have no column in common.", where={"file": relations[1].path})
    numeric = [all(each.column(name).is_numeric for each in relations) for name in names]
    frames = [_fetch(each, names) for each in relations]
    sizes = [len(frame) for frame in frames]
    columns = [
        _column(pd.concat([frame[i] for frame in frames]), numeric[i]) for i in range(len(names))
    ]
    codes = np.column_stack([column[0] for column in columns])
    scaled = np.column_stack([column[1] for column in columns])
    numbers = np.column_stack([column[2] for column in columns])
    whole = Rows(tuple(names), np.array(numeric), codes, scaled, numbers)
    edges = np.cumsum([0, *sizes])
    return tuple(whole.take(np.arange(start, end)) for start, end in itertools.pairwise(edges))


def keys(*tables: Rows) -> tuple[NDArray[np.int64], ...]:
    """One integer a row, equal exactly when all columns are equal."""
    codes = np.concatenate([table.codes for table in tables])
    key = np.zeros(len(codes), np.int64)
    for column in range(codes.shape[1]):
        width = int(codes[:, column].max(initial=0)) + 1
        key = np.unique(key * width + codes[:, column], return_inverse=True)[1].astype(np.int64)
    return tuple(np.split(key, np.cumsum([len(table) for table in tables])[:-1]))


def _names(relation: Relation) -> set[str]:
    return {column.name for column in relation.columns}


def _fetch(relation: Relation, names: Sequence[str]) -> pd.DataFrame:
    listed = ", ".join(relation.column(name).sql for name in names)
    frame = relation.connection.execute(f"select {listed} from {relation.view}").df()
    return frame.set_axis(range(len(names)), axis=1)


def _column(
    values: pd.Series, numeric: bool
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64]]:
    if not numeric:
        codes = pd.factorize(values.astype("string"), sort=True)[0] + 1
        return codes.astype(np.int32), np.zeros(len(codes), np.float32), codes.astype(np.float64)
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    codes = pd.factorize(numbers, sort=True)[0] + 1
    low, high = (np.nanmin(numbers), np.nanmax(numbers)) if codes.any() else (0.0, 0.0)
    scaled = (numbers - low) / (high - low if high > low else 1.0)
    return (
        codes.astype(np.int32),
        np.where(np.isnan(scaled), MISSING, scaled).astype(np.float32),
        numbers,
    )
