"""Nearest rows by Gower's distance (1971): mean over columns of |a − b|/range, or 0/1 mismatch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.tables import Rows

BLOCK = 64
Values: TypeAlias = "NDArray[np.float32] | NDArray[np.int32]"


def nearest(
    queries: Rows, pool: Rows, k: int = 1, columns: Sequence[int] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Distances and positions of the k nearest pool rows of every query, nearest set unordered."""
    picked = range(len(pool.names)) if columns is None else columns
    k = min(k, len(pool))
    distances = np.empty((len(queries), k), np.float32)
    positions = np.empty((len(queries), k), np.intp)
    parts = [_values(pool, column) for column in picked]
    asked = [_values(queries, column) for column in picked]
    for start in range(0, len(queries), BLOCK):
        block = slice(start, min(start + BLOCK, len(queries)))
        found = _distances([each[block] for each in asked], parts, pool.numeric[list(picked)])
        places = (
            found.argmin(axis=1)[:, None]
            if k == 1
            else np.argpartition(found, k - 1, axis=1)[:, :k]
        )
        positions[block], distances[block] = places, np.take_along_axis(found, places, axis=1)
    return distances / np.float32(max(1, len(parts))), positions


def _values(rows: Rows, column: int) -> Values:
    if rows.numeric[column]:
        return np.ascontiguousarray(rows.scaled[:, column])
    return np.ascontiguousarray(rows.codes[:, column])


def _distances(
    asked: Sequence[Values],
    parts: Sequence[Values],
    numeric: NDArray[np.bool_],
) -> NDArray[np.float32]:
    total = np.zeros((len(asked[0]), len(parts[0])), np.float32)
    gap = np.empty_like(total)
    for query, pool, is_number in zip(asked, parts, numeric, strict=True):
        if is_number:
            np.subtract(query[:, None], pool[None, :], out=gap)
            np.abs(gap, out=gap)
            np.minimum(gap, 1.0, out=gap)
            total += gap
        else:
            total += query[:, None] != pool[None, :]
    return total
