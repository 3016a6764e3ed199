"""Which quasi-identifiers do it: distinction and separation over the lattice of subsets.

Distinction is J/N, separation the share of pairs of records told apart (Motwani & Xu 2007). A
subset that already tells everybody apart is not extended: every superset does so too. Minimal
sample uniques (Elliot 2002) are the smallest subsets on which a record is alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.reidentification.classes import Classes, group, read_histogram
from assessments.leakage.reidentification.risk import separation
from assessments.leakage.relation import Data, open_relation

MOST_SUBSETS = 4_096


@dataclass(frozen=True, slots=True)
class Rank:
    """One set of attributes and how far it tells records apart."""

    columns: tuple[str, ...]
    distinction: float
    separation: float


@dataclass(frozen=True, slots=True)
class SpecialUniques:
    """Per record: minimal sample uniques and SUDA score; per attribute: its share of all of them."""

    count: NDArray[np.int64]
    score: NDArray[np.float64]
    contributions: dict[str, float]


def rank_quasi_identifiers(
    data: Data, columns: Sequence[str], max_size: int = 4
) -> tuple[Rank, ...]:
    """Every subset up to a size, the most distinguishing first."""
    with open_relation(data) as relation:
        return rank(group(relation, columns), max_size)


def rank(classes: Classes, max_size: int) -> tuple[Rank, ...]:
    """The same for a table already grouped."""
    width, found, complete = len(classes.keys), [], set[frozenset[int]]()
    _bounded(width, max_size)
    for size in range(1, min(max_size, width) + 1):
        for subset in itertools.combinations(range(width), size):
            names = tuple(classes.qis[i].name for i in subset)
            if any(frozenset(subset) - {i} in complete for i in subset):
                complete.add(frozenset(subset))
                found.append(Rank(names, 1.0, 1.0))
                continue
            histogram = read_histogram(classes.relation, _grouped(classes, subset))
            if histogram.classes == histogram.rows:
                complete.add(frozenset(subset))
            found.append(Rank(names, histogram.classes / histogram.rows, separation(histogram)))
    return tuple(
        sorted(found, key=lambda each: (-each.distinction, -each.separation, len(each.columns)))
    )


def by_attribute(classes: Classes) -> tuple[dict[str, object], ...]:
    """Each attribute alone, and how many uniques would be left without it; the worst first."""
    rows = []
    for i, column in enumerate(classes.qis):
        alone = read_histogram(classes.relation, _grouped(classes, [i]))
        others = [j for j in range(len(classes.qis)) if j != i]
        left = (
            read_histogram(classes.relation, _grouped(classes, others)).of_size(1) if others else 0
        )
        rows.append((left, column.name, alone.classes / alone.rows, separation(alone)))
    return tuple(
        {"column": name, "distinction": apart, "separation": pairs, "uniques_without": left}
        for left, name, apart, pairs in sorted(rows)
    )


def minimal_uniques(data: Data, qis: Sequence[str], max_size: int = 3) -> SpecialUniques:
    """SUDA (Elliot 2002): an MSU of size k scores Π_{i=k}^{M} (ATT − i); one entry a distinct record."""
    with open_relation(data) as relation:
        classes = group(relation, qis)
        _bounded(len(qis), max_size)
        return _special(classes, min(max_size, len(qis)))


def _special(classes: Classes, max_size: int) -> SpecialUniques:
    width, total = len(classes.keys), classes.histogram.classes
    count, score = np.zeros(total, np.int64), np.zeros(total)
    parts, alone = np.zeros(width), dict[tuple[int, ...], NDArray[np.bool_]]()
    for size in range(1, max_size + 1):
        worth = math.prod(width - i for i in range(size, max_size + 1)) or 1
        for subset in itertools.combinations(range(width), size):
            unique = _alone(classes, subset, total)
            minimal = unique.copy()
            for smaller in itertools.combinations(subset, size - 1):
                minimal &= ~alone.get(smaller, np.zeros(total, np.bool_))
            alone[subset] = unique
            count += minimal
            score += worth * minimal
            parts[list(subset)] += worth * minimal.sum()
    share = score.sum() or 1.0
    return SpecialUniques(
        count, score, {classes.qis[i].name: float(parts[i] / share) for i in range(width)}
    )


def _alone(classes: Classes, subset: Sequence[int], total: int) -> NDArray[np.bool_]:
    keys = ", ".join(classes.keys[i] for i in subset)
    query = f"select any_value(id) as id from classes group by {keys} having sum(n) = 1"
    found = np.zeros(total, np.bool_)
    found[
        np.asarray(classes.relation.connection.execute(query).fetchnumpy()["id"], np.int64) - 1
    ] = True
    return found


def _grouped(classes: Classes, subset: Sequence[int]) -> str:
    return f"select sum(n)::bigint as n from classes group by {', '.join(classes.keys[i] for i in subset)}"


def _bounded(width: int, max_size: int) -> None:
    subsets = sum(math.comb(width, size) for size in range(1, min(max_size, width) + 1))
    if max_size < 1 or subsets > MOST_SUBSETS:
        raise BadInput(
            f"{subsets} sets of attributes are more than the {MOST_SUBSETS} that are tried.",
            "Name fewer attributes or smaller sets.",
            field="max_size",
        )
