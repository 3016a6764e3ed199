"""Nearest rows by Gower's distance (1971): mean over columns of |a − b|/range, or 0/1 mismatch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.leakage.synthetic.tables import Rows

BLOCK = 64
TILE = 4_096
Values: TypeAlias = "NDArray[Any]"


def nearest(
    queries: Rows, pool: Rows, k: int = 1, columns: Sequence[int] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Distances and positions of the k nearest pool rows of every query, nearest set unordered."""
    picked = list(range(len(pool.names)) if columns is None else columns)
    pairs = [_compared(queries, pool, column) for column in picked]
    asked, parts = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
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


def _compared(queries: Rows, pool: Rows, column: int) -> tuple[Values, Values]:
    """The column of both sides: numbers from 0 to 1, or codes in as few bytes as they need."""
    if pool.numeric[column]:
        return tuple(np.ascontiguousarray(rows.scaled[:, column]) for rows in (queries, pool))  # type: ignore[return-value]
    sides = [rows.codes[:, column] for rows in (queries, pool)]
    kind = np.min_scalar_type(max(int(codes.max(initial=0)) for codes in sides))
    return tuple(codes.astype(kind) for codes in sides)  # type: ignore[return-value]


def _distances(
    asked: Sequence[Values],
    parts: Sequence[Values],
    numeric: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Σ min(|a − b|, 1) over numbers, plus the mismatches, counted in bytes before they are added."""
    shape = len(asked[0]), len(parts[0])
    total, gap = np.zeros(shape, np.float32), np.empty(shape, np.float32)
    kind = np.uint8 if len(parts) < 256 else np.uint16
    mismatches, differs = np.zeros(shape, kind), np.empty(shape, np.bool_)
    for query, pool, is_number in zip(asked, parts, numeric, strict=True):
        if is_number:
            np.subtract(query[:, None], pool[None, :], out=gap)
            np.abs(gap, out=gap)
            if query.max(initial=0) > 1 or pool.max(initial=0) > 1:
                np.minimum(gap, 1.0, out=gap)
            total += gap
        else:
            np.not_equal(query[:, None], pool[None, :], out=differs)
            mismatches += differs.view(np.uint8)
    total += mismatches
    return total
