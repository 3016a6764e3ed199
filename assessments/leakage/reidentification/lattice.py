"""A monotone property on a lattice of levels, decided with few questions.

From each undecided node, finest first, a path climbs through undecided nodes; bisection finds where
on it the property begins, and every answer decides all nodes above it, or all below (Flash,
Kohlmayer et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int64]
UNKNOWN, HOLDS, FAILS = 0, 1, -1


def search(
    nodes: Nodes, holds: Callable[[Nodes], bool], *, everything: bool = False
) -> NDArray[np.bool_]:
    """For every node (a row of levels, finest first) whether the property holds there."""
    if everything:
        return np.array([holds(node) for node in nodes], np.bool_)
    known = np.zeros(len(nodes), np.int8)
    places = {tuple(node): i for i, node in enumerate(nodes.tolist())}
    for start in range(len(nodes)):
        if known[start] == UNKNOWN:
            _bisect(nodes, _path(nodes, places, known, start), known, holds)
    return known == HOLDS


def minimal(nodes: Nodes, safe: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Nodes where the property holds and in no node one level finer."""
    places = {tuple(node): i for i, node in enumerate(nodes.tolist())}
    found = np.zeros(len(nodes), np.bool_)
    for i in np.flatnonzero(safe):
        finer = (places.get(each) for each in _beside(nodes[i], -1))
        found[i] = not any(safe[j] for j in finer if j is not None)
    return found


def _path(nodes: Nodes, places: dict[tuple[int, ...], int], known: NDArray[np.int8], start: int) -> list[int]:  # fmt: skip
    """Upwards through undecided nodes, the least loss first at each step."""
    path = [start]
    while True:
        above = (places.get(each) for each in _beside(nodes[path[-1]], 1))
        open_ones = [j for j in above if j is not None and known[j] == UNKNOWN]
        if not open_ones:
            return path
        path.append(min(open_ones))


def _bisect(
    nodes: Nodes, path: list[int], known: NDArray[np.int8], holds: Callable[[Nodes], bool]
) -> None:
    low, high = 0, len(path)
    while low < high:
        middle = (low + high) // 2
        node = nodes[path[middle]]
        if holds(node):
            known[(nodes >= node).all(axis=1)] = HOLDS
            high = middle
        else:
            known[(nodes <= node).all(axis=1)] = FAILS
            low = middle + 1


def _beside(node: Nodes, step: int) -> list[tuple[int, ...]]:
    """The nodes one level up or down in one attribute."""
    plain = node.tolist()
    return [
        tuple(level + step * (i == j) for j, level in enumerate(plain)) for i in range(len(plain))
    ]
