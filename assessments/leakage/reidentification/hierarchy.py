"""Hierarchies of coarser values: read, checked, and laid beside the classes of a table as numbers.

A hierarchy gives every value its coarser forms, level by level. It has to be nested: what looks alike
on one level looks alike on the next, or coarser would not mean safer and the search would be wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.reidentification.classes import Classes

SUPPRESSED = "*"
Hierarchy = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Levels:
    """One attribute: how many forms each level has, and the share of the domain that a record shows.

    ``loss`` of a level is the mean over records of (m − 1)/(M − 1), with m values of M that share the
    record's form (Iyengar 2002): 0 as it is, 1 when suppressed.
    """

    forms: tuple[int, ...]
    loss: tuple[float, ...]

    @property
    def height(self) -> int:
        """The coarsest level."""
        return len(self.forms) - 1


def read_hierarchy(path: str | Path, delimiter: str = ";") -> dict[str, tuple[str, ...]]:
    """A file with one value a line, then its coarser forms."""
    file = Path(path)
    where = {"file": str(path)}
    if not file.is_file():
        raise BadInput("This hierarchy does not exist.", where=where)
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = [row for row in csv.reader(handle, delimiter=delimiter) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("A hierarchy is a text file in UTF-8.", where=where) from error
    if not rows or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        raise BadInput(
            "A hierarchy has a value and its coarser forms on every line, equally many.",
            where=where,
        )
    return {row[0]: tuple(row[1:]) for row in rows}


def lay(classes: Classes, hierarchies: Mapping[str, Hierarchy]) -> tuple[Levels, ...]:
    """Fill ``leveled``: n of every class, and c{i}_{j}, the form of attribute i on level j."""
    unknown = set(hierarchies) - {column.name for column in classes.qis}
    if unknown:
        raise BadInput("A hierarchy belongs to a quasi-identifier.", where={"column": min(unknown)})
    laid = tuple(
        _attribute(classes, i, hierarchies.get(column.name)) for i, column in enumerate(classes.qis)
    )
    picked = ", ".join(f"level_{i}.* exclude (v)" for i in range(len(laid)))
    joins = " ".join(
        f"join level_{i} on classes.{key}::varchar is not distinct from level_{i}.v"
        for i, key in enumerate(classes.keys)
    )
    classes.relation.connection.execute(
        f"create or replace temp table leveled as select n, {picked} from classes {joins}"
    )
    return laid


def _attribute(classes: Classes, i: int, hierarchy: Hierarchy | None) -> Levels:
    """Table ``level_i``: every value and the number of its form on each level."""
    run, key, name = classes.relation.connection.execute, classes.keys[i], classes.qis[i].name
    found = run(
        f"select {key}::varchar, sum(n)::double from classes group by 1 order by 1 nulls last"
    ).fetchall()
    values = [row[0] for row in found]
    spelled = [_forms(value, hierarchy, name) for value in values]
    codes = [np.arange(len(values))]
    codes += [_numbered(level) for level in zip(*spelled, strict=True)]
    _refuse_crossing(codes, name)
    columns = ", ".join(f"unnest(?) as c{i}_{j}" for j in range(len(codes)))
    run(
        f"create or replace temp table level_{i} as select unnest(?::varchar[]) as v, {columns}",
        [values, *(level.tolist() for level in codes)],
    )
    weights = np.array([row[1] for row in found])
    return Levels(
        tuple(int(level.max()) + 1 for level in codes),
        tuple(_loss(level, weights) for level in codes),
    )


def _forms(value: str | None, hierarchy: Hierarchy | None, column: str) -> Sequence[str]:
    if hierarchy is None:
        return (SUPPRESSED,)
    if value is None:
        return (SUPPRESSED,) * len(next(iter(hierarchy.values())))
    if value not in hierarchy:
        raise BadInput("A value of this column is not in its hierarchy.", where={"column": column})
    return hierarchy[value]


def _numbered(forms: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(np.array(forms, dtype=object).astype(str), return_inverse=True)[1]


def _refuse_crossing(codes: Sequence[NDArray[np.int64]], column: str) -> None:
    for level in range(1, len(codes) - 1):
        pairs = np.unique(np.column_stack([codes[level], codes[level + 1]]), axis=0)
        if len(pairs) > codes[level].max() + 1:
            raise BadInput(
                f"Values that look alike on level {level} differ on level {level + 1}.",
                "Every level has to be coarser than the one before it.",
                where={"column": column},
            )


def _loss(level: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    if len(level) < 2:
        return 0.0
    shared = np.bincount(level)[level]
    return float(((shared - 1) / (len(level) - 1) * weights).sum() / weights.sum())
