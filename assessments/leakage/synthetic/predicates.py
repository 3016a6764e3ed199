"""Predicates over encoded rows, many at once: how many rows does each hold for?

Codes keep the order of the values, so every condition is a range of codes: one code, or all from
or up to one (missing, code 0, lies in no such range). A condition becomes one bit a row, equal ones
share theirs, and a predicate is the conjunction of its bits, counted without a loop over rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.tables import Rows

MOST_CELLS = 8_000_000
LAST = np.iinfo(np.int32).max
Places = NDArray[np.intp]
Codes = NDArray[np.int32]
Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Predicates:
    """One predicate a row, one condition a column of these arrays: attribute, low and high code."""

    columns: Places
    low: Codes
    high: Codes

    def __len__(self) -> int:
        return len(self.columns)

    def take(self, positions: Places | slice) -> Predicates:
        """Some of the predicates."""
        return Predicates(self.columns[positions], self.low[positions], self.high[positions])

    def joined(self, other: Predicates) -> Predicates:
        """These and others of the same width."""
        return Predicates(
            np.concatenate([self.columns, other.columns]),
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
        )


class Index:
    """The columns of a table, padded to whole words of bits with codes that no range holds."""

    def __init__(self, rows: Rows) -> None:
        size = -(-len(rows) // 64) * 64
        self._columns = np.full((len(rows.names), size), np.iinfo(np.uint32).max, np.uint32)
        self._columns[:, : len(rows)] = rows.codes.T

    def count(self, asked: Predicates) -> Places:
        """For how many rows every predicate holds."""
        found = np.zeros(len(asked), np.intp)
        step = max(1, MOST_CELLS // max(1, self._columns.shape[1]))
        for start in range(0, len(asked), step):
            part = slice(start, start + step)
            found[part] = np.bitwise_count(self._held(asked.take(part))).sum(axis=1)
        return found

    def _held(self, asked: Predicates) -> Bits:
        """One bit a row where all conditions of a predicate hold."""
        held = np.full((len(asked), self._columns.shape[1] // 64), ~np.uint64(0))
        for column in np.unique(asked.columns):
            which, slots = np.nonzero(asked.columns == column)
            ranges = np.column_stack([asked.low[which, slots], asked.high[which, slots]])
            kinds, kind = np.unique(ranges.view(np.int64)[:, 0], return_inverse=True)
            held[which] &= self._bits(int(column), kinds.view(np.int32).reshape(-1, 2))[kind]
        return held

    def _bits(self, column: int, ranges: Codes) -> Bits:
        low, high = ranges.astype(np.uint32).T[:, :, None]
        inside = self._columns[column] - low <= high - low
        return np.packbits(inside, axis=1).view(np.uint64)
