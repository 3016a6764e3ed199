"""Nearest rows by Gower's distance (1971): mean over columns of |a − b|/range, or 0/1 mismatch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.tables import Rows

BLOCK = 64
TILE = 4_096
Values: TypeAlias = "NDArray[np.float32] | NDArray[np.int32]"


def nearest(
    queries: Rows, pool: Rows, k: int = 1, columns: Sequence[int] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Distances and positions of the k nearest pool rows of every query, nearest set unordered."""
    picked = list(range(len(pool.names)) if columns is None else columns)
    asked = [_values(queries, column) for column in picked]
    parts = [_values(pool, column) for column in picked]
    k = min(k, len(pool))

    def search(start: int) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        block = [each[start : start + BLOCK] for each in asked]
        return _search(block, parts, pool.numeric[picked], k)

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as workers:
        found = list(workers.map(search, range(0, len(queries), BLOCK)))
    distances = np.concatenate([each for each, _ in found]) / np.float32(max(1, len(parts)))
    return distances.astype(np.float32), np.concatenate([each for _, each in found])


def _search(
    asked: Sequence[Values], parts: Sequence[Values], numeric: NDArray[np.bool_], k: int
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Walk over the pool tile by tile, so that a tile of distances stays in the cache."""
    best = np.empty((len(asked[0]), 0), np.float32)
    where = np.empty((len(asked[0]), 0), np.intp)
    for start in range(0, len(parts[0]), TILE):
        found = _distances(asked, [part[start : start + TILE] for part in parts], numeric)
        places = _smallest(found, k)
        best = np.hstack([best, np.take_along_axis(found, places, axis=1)])
        where = np.hstack([where, places + start])
        kept = _smallest(best, k)
        best, where = (
            np.take_along_axis(best, kept, axis=1),
            np.take_along_axis(where, kept, axis=1),
        )
    return best, where


def _smallest(values: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    if k == 1:
        return values.argmin(axis=1)[:, None]
    if values.shape[1] <= k:
        return np.broadcast_to(np.arange(values.shape[1]), values.shape)
    return np.argpartition(values, k - 1, axis=1)[:, :k]


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
    gap, differs = np.empty_like(total), np.empty(total.shape, np.bool_)
    for query, pool, is_number in zip(asked, parts, numeric, strict=True):
        if is_number:
            np.subtract(query[:, None], pool[None, :], out=gap)
            np.abs(gap, out=gap)
            np.minimum(gap, 1.0, out=gap)
            total += gap
        else:
            np.not_equal(query[:, None], pool[None, :], out=differs)
            np.add(total, differs, out=total)
    return total
