"""What-if: what each coarser level of the quasi-identifiers would buy, and which ones to take.

A choice of levels is a node of a lattice. Few nodes are all tried. In a larger lattice only paths
are searched: whatever is coarser than a node that is safe enough is so too, whatever is finer than
one that is not is not either (Samarati 2001; LeFevre 2005; the paths as in Kohlmayer 2012). The
nodes that are safe enough with nothing finer below them are the minimal generalisations; the
recommendation is the one of least loss, the mean over the attributes of level/height (Samarati's
precision, turned round), and of equals the one that keeps the values more distinct.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.measurement import Table
from assessments.leakage.policy import load
from assessments.leakage.reidentification import lattice
from assessments.leakage.reidentification.classes import Classes, Histogram, group, read_histogram
from assessments.leakage.reidentification.hierarchy import Hierarchy, Levels, lay
from assessments.leakage.reidentification.risk import at_risk
from assessments.leakage.relation import Data, open_relation

MOST_NODES = 100_000
ALL_TRIED = 300


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One choice of levels and the table that it would leave, after suppressing ``suppressed``."""

    levels: Mapping[str, int]
    loss: float
    granularity: float
    k: int
    classes: int
    uniques: int
    records_at_risk: float
    suppressed: float
    minimal: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """The choices tried, least loss first, and the one to take (nothing when none is enough)."""

    tried: tuple[WhatIf, ...]
    recommended: WhatIf | None
    nodes: int

    @property
    def minimal(self) -> tuple[WhatIf, ...]:
        """Safe enough, and nothing finer is."""
        return tuple(each for each in self.tried if each.minimal)

    def as_table(self) -> Table:
        """The rows for a page or a notebook."""
        return tuple(
            asdict(each) | {"recommended": each is self.recommended} for each in self.tried
        )


def explore(
    data: Data,
    qis: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    target_k: int = 11,
    suppression: float = 0.0,
) -> Advice:
    """Search the lattice; an attribute without hierarchy can be kept or suppressed."""
    with open_relation(data) as relation:
        return advise(group(relation, qis), hierarchies, target_k, suppression)


def advise(
    classes: Classes,
    hierarchies: Mapping[str, Hierarchy],
    target_k: int,
    suppression: float = 0.0,
) -> Advice:
    """The same for a table already grouped; a share of the records may be suppressed instead."""
    if not 0 <= suppression < 1:
        raise BadInput("A share to suppress lies from 0 to below 1.", field="suppression")
    laid = lay(classes, hierarchies)
    count = math.prod(each.height + 1 for each in laid)
    if count > MOST_NODES:
        raise BadInput(
            f"More than {MOST_NODES:,} combinations of levels.",
            "Give fewer or shorter hierarchies.",
        )
    nodes = _nodes(laid)
    search = _Search(classes, laid, target_k, suppression)
    safe = lattice.search(nodes, lambda node: search.is_safe(node), everything=count <= ALL_TRIED)
    for node in nodes[(nodes > 0).sum(axis=1) <= 1]:
        search.is_safe(node)
    return _advice(nodes, safe, search)


def _nodes(laid: Sequence[Levels]) -> NDArray[np.int64]:
    """All choices of levels, least loss first."""
    every = itertools.product(*(range(each.height + 1) for each in laid))
    ranked = sorted(every, key=lambda node: (_loss(node, laid), _granularity(node, laid), node))
    return np.array(ranked, np.int64).reshape(-1, len(laid))


def _advice(nodes: NDArray[np.int64], safe: NDArray[np.bool_], search: _Search) -> Advice:
    minimal = {tuple(node) for node in nodes[lattice.minimal(nodes, safe)].tolist()}
    tried = [
        search.what_if(key, key in minimal)
        for key in (tuple(node) for node in nodes.tolist())
        if key in search.found
    ]
    best = next((each for each in tried if each.minimal), None)
    return Advice(tuple(tried), best, len(nodes))


class _Search:
    """Class sizes of the nodes that were looked at."""

    def __init__(
        self, classes: Classes, laid: Sequence[Levels], target: int, suppression: float
    ) -> None:
        self.found: dict[tuple[int, ...], Histogram] = {}
        self._classes, self._laid = classes, laid
        self._target, self._suppression = target, suppression

    def is_safe(self, node: NDArray[np.int64]) -> bool:
        """Whether all but the share that may be suppressed are in classes of the target or more."""
        key = tuple(int(level) for level in node)
        if key not in self.found:
            self.found[key] = self._grouped(key)
        return _below(self.found[key], self._target) <= self._suppression

    def what_if(self, key: tuple[int, ...], minimal: bool) -> WhatIf:
        """The figures of a node, after suppression where that is within the limit."""
        found = self.found[key]
        below = _below(found, self._target)
        kept = found
        if 0 < below <= self._suppression:
            large = found.sizes >= self._target
            kept = Histogram(found.sizes[large], found.counts[large])
        columns = self._classes.qis
        return WhatIf(
            levels={column.name: level for column, level in zip(columns, key, strict=True)},
            loss=_loss(key, self._laid),
            granularity=_granularity(key, self._laid),
            k=kept.k,
            classes=kept.classes,
            uniques=kept.of_size(1),
            records_at_risk=at_risk(kept, load().risk_threshold),
            suppressed=0.0 if kept is found else below,
            minimal=minimal,
        )

    def _grouped(self, key: tuple[int, ...]) -> Histogram:
        keys = [f"c{i}_{j}" for i, j in enumerate(key) if self._laid[i].forms[j] > 1]
        grouping = f" group by {', '.join(keys)}" if keys else ""
        query = f"select sum(n)::bigint as n from leveled{grouping}"
        return read_histogram(self._classes.relation, query)


def _below(histogram: Histogram, target: int) -> float:
    small = histogram.sizes < target
    return float((histogram.sizes * histogram.counts)[small].sum() / histogram.rows)


def _loss(node: Sequence[int], laid: Sequence[Levels]) -> float:
    return sum(level / each.height for level, each in zip(node, laid, strict=True)) / len(laid)


def _granularity(node: Sequence[int], laid: Sequence[Levels]) -> float:
    return sum(each.loss[level] for level, each in zip(node, laid, strict=True)) / len(laid)
