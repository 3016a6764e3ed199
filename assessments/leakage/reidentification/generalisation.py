"""What-if: what each coarser level of the quasi-identifiers would buy, and which one to take.

A hierarchy gives every value its coarser forms, level by level; the last one is often "*". Loss is
the mean over the attributes of level/height (Samarati's precision, turned round). The
recommendation is the least loss at which k reaches the target.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assessments.errors import BadInput
from assessments.leakage.measurement import Table
from assessments.leakage.policy import load
from assessments.leakage.reidentification.classes import Classes, group, read_histogram
from assessments.leakage.reidentification.risk import at_risk
from assessments.leakage.relation import Data, open_relation

MOST_NODES = 2_000
SUPPRESSED = "*"
Hierarchy = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One choice of levels and the table that it would leave."""

    levels: Mapping[str, int]
    loss: float
    k: int
    classes: int
    uniques: int
    records_at_risk: float


@dataclass(frozen=True, slots=True)
class Advice:
    """All choices tried, least loss first, and the one to take (nothing when none is enough)."""

    tried: tuple[WhatIf, ...]
    recommended: WhatIf | None

    def as_table(self) -> Table:
        """The rows for a page or a notebook."""
        return tuple(
            asdict(each) | {"recommended": each is self.recommended} for each in self.tried
        )


def read_hierarchy(path: str | Path, delimiter: str = ";") -> dict[str, tuple[str, ...]]:
    """A file with one value a line, then its coarser forms."""
    with Path(path).open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.reader(handle, delimiter=delimiter) if row]
    if not rows or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        raise BadInput(
            "A hierarchy has a value and its coarser forms on every line, equally many.",
            where={"file": str(path)},
        )
    return {row[0]: tuple(row[1:]) for row in rows}


def explore(
    data: Data, qis: Sequence[str], hierarchies: Mapping[str, Hierarchy], target_k: int = 11
) -> Advice:
    """Try every combination of levels; an attribute without hierarchy can be kept or suppressed."""
    with open_relation(data) as relation:
        return advise(group(relation, qis), hierarchies, target_k)


def advise(classes: Classes, hierarchies: Mapping[str, Hierarchy], target_k: int) -> Advice:
    """The same for a table already grouped."""
    unknown = set(hierarchies) - {column.name for column in classes.qis}
    if unknown:
        raise BadInput("A hierarchy belongs to a quasi-identifier.", where={"column": min(unknown)})
    heights = [
        _spread(classes, i, hierarchies.get(column.name)) for i, column in enumerate(classes.qis)
    ]
    if math.prod(height + 1 for height in heights) > MOST_NODES:
        raise BadInput(
            f"More than {MOST_NODES} combinations of levels.", "Give fewer or shorter hierarchies."
        )
    nodes = sorted(
        itertools.product(*(range(height + 1) for height in heights)),
        key=lambda n: _loss(n, heights),
    )
    tried = tuple(_try(classes, node, heights) for node in nodes)
    return Advice(tried, next((each for each in tried if each.k >= target_k), None))


def _spread(classes: Classes, i: int, hierarchy: Hierarchy | None) -> int:
    """Table ``level_i``: every value with its coarser forms; answers the height."""
    run, key, name = classes.relation.connection.execute, classes.keys[i], classes.qis[i].name
    values = [row[0] for row in run(f"select distinct {key}::varchar from classes").fetchall()]
    rows = [(value, *_forms(value, hierarchy, name)) for value in values]
    height = len(rows[0]) - 1
    columns = ", ".join(f"l{j} varchar" for j in range(height + 1))
    run(f"create or replace temp table level_{i} ({columns})")
    classes.relation.connection.executemany(
        f"insert into level_{i} values ({', '.join('?' * (height + 1))})", rows
    )
    return height


def _forms(value: str | None, hierarchy: Hierarchy | None, column: str) -> Iterable[str]:
    if hierarchy is None:
        return (SUPPRESSED,)
    if value is None:
        return (SUPPRESSED,) * len(next(iter(hierarchy.values())))
    if value not in hierarchy:
        raise BadInput("A value of this column is not in its hierarchy.", where={"column": column})
    return hierarchy[value]


def _try(classes: Classes, node: Sequence[int], heights: Sequence[int]) -> WhatIf:
    used = [i for i, level in enumerate(node) if level < heights[i] or heights[i] == 0]
    joins = " ".join(
        f"join level_{i} on classes.{classes.keys[i]}::varchar is not distinct from level_{i}.l0"
        for i in used
        if node[i]
    )
    keys = [f"level_{i}.l{node[i]}" if node[i] else f"classes.{classes.keys[i]}" for i in used]
    grouping = f" group by {', '.join(keys)}" if keys else ""
    histogram = read_histogram(
        classes.relation, f"select sum(n)::bigint as n from classes {joins}{grouping}"
    )
    return WhatIf(
        levels={column.name: level for column, level in zip(classes.qis, node, strict=True)},
        loss=_loss(node, heights),
        k=histogram.k,
        classes=histogram.classes,
        uniques=histogram.of_size(1),
        records_at_risk=at_risk(histogram, load().risk_threshold),
    )


def _loss(node: Sequence[int], heights: Sequence[int]) -> float:
    return sum(level / height for level, height in zip(node, heights, strict=True)) / len(heights)
