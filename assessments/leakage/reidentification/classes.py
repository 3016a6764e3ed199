"""Equivalence classes: rows that agree on every quasi-identifier (Sweeney 2002).

One scan of the table leaves ``cells`` (class and sensitive value), ``classes`` and ``parts`` in
the measuring database; every measure reads those. NULL semantics are explicit: under ``value``
NULL equals NULL and nothing else; under ``wildcard`` a missing value matches every value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.relation import Column, Relation, reread

SMALL_TABLE = 100


@dataclass(frozen=True, slots=True)
class Histogram:
    """Class sizes and how many classes have each."""

    sizes: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def rows(self) -> int:
        """N = Σ n_c."""
        return int((self.sizes * self.counts).sum())

    @property
    def classes(self) -> int:
        """J."""
        return int(self.counts.sum())

    @property
    def k(self) -> int:
        """The smallest class."""
        return int(self.sizes.min())

    def of_size(self, size: int) -> int:
        """How many classes have exactly this size."""
        return int(self.counts[self.sizes == size].sum())


@dataclass(frozen=True, slots=True)
class Classes:
    """A grouped table: which columns, and the histogram of class sizes."""

    relation: Relation
    qis: tuple[Column, ...]
    sensitive: Column | None
    histogram: Histogram
    keys: tuple[str, ...]


def group(relation: Relation, qis: Sequence[str], sensitive: str | None = None) -> Classes:
    """Group a table once by its quasi-identifiers and, when named, the sensitive attribute."""
    picked = relation.pick(qis)
    secret = relation.column(sensitive) if sensitive is not None else None
    if secret in picked:
        where = {"file": relation.path, "column": sensitive}
        raise BadInput("A column cannot be quasi-identifier and sensitive at once.", where=where)
    keys = tuple(f"q{i}" for i in range(len(picked)))
    try:
        _scan(relation, picked, secret, keys)
    except duckdb.ConversionException:
        _scan(reread(relation), picked, secret, keys)
    histogram = read_histogram(relation, "select n from classes")
    if histogram.rows == 0:
        raise BadInput("This table has no rows.", where={"file": relation.path})
    _refuse_empty_columns(relation, picked, secret, keys)
    return Classes(relation, picked, secret, histogram, keys)


def read_histogram(relation: Relation, sizes_query: str) -> Histogram:
    """The histogram of a query that answers one size ``n`` a class."""
    query = f"select n::bigint n, count(*)::bigint j from ({sizes_query}) group by 1 order by 1"
    found = relation.connection.execute(query).fetchnumpy()
    return Histogram(np.asarray(found["n"], np.int64), np.asarray(found["j"], np.int64))


def warnings(classes: Classes) -> list[str]:
    """What a reader has to know about this table before reading its figures."""
    found = []
    if classes.histogram.rows < SMALL_TABLE:
        found.append(
            f"Only {classes.histogram.rows} rows: the figures describe this file, not a population."
        )
    if classes.histogram.classes == 1:
        found.append("Every row is in one class: these quasi-identifiers tell nobody apart.")
    missing = has_missing(classes)
    if missing:
        found.append(
            f"Missing values in {', '.join(missing)} count as a value of their own; "
            "the wildcard figures show the reading in which missing matches everything."
        )
    return found


def has_missing(classes: Classes) -> list[str]:
    """The quasi-identifiers with missing values."""
    counted = ", ".join(f"count(*) filter (where {key} is null)" for key in classes.keys)
    counts = classes.relation.connection.execute(f"select {counted} from classes").fetchone() or ()
    return [column.name for column, count in zip(classes.qis, counts, strict=True) if count]


def _scan(
    relation: Relation, qis: Sequence[Column], sensitive: Column | None, keys: Sequence[str]
) -> None:
    picked = ", ".join(f"{column.sql} as {key}" for column, key in zip(qis, keys, strict=True))
    listed = ", ".join(keys)
    run = relation.connection.execute
    if sensitive is None:
        run(f"""create or replace temp table classes as
            select row_number() over () as id, * from (
                select {picked}, count(*)::bigint as n from {relation.view} group by {listed})""")
        return
    run(f"""create or replace temp table cells as
        select {picked}, {sensitive.sql} as s, count(*)::bigint as c
        from {relation.view} group by {listed}, s""")
    run("""create or replace temp table marginal as
        select s, row_number() over (order by s nulls last)::int as v, sum(c)::bigint as total,
               sum(c)::double / sum(sum(c)) over () as p
        from cells group by s""")
    same = " and ".join(f"cells.{key} is not distinct from classes.{key}" for key in keys)
    run(f"""create or replace temp table classes as
        select row_number() over () as id, * from (
            select {listed}, sum(c)::bigint as n from cells group by {listed})""")
    run(f"""create or replace temp table parts as
        select id, n, v, c from cells join classes on {same}
        join marginal on cells.s is not distinct from marginal.s""")
    run("drop table cells")


def _refuse_empty_columns(
    relation: Relation, qis: Sequence[Column], sensitive: Column | None, keys: Sequence[str]
) -> None:
    counted = ", ".join(f"count({key})" for key in keys)
    filled = relation.connection.execute(f"select {counted} from classes").fetchone() or ()
    empty = [column.name for column, count in zip(qis, filled, strict=True) if count == 0]
    if sensitive and not relation.scalar("select count(s) from marginal"):
        empty.append(sensitive.name)
    if empty:
        where = {"file": relation.path, "column": empty[0]}
        raise BadInput(
            "This column holds no value at all.", "Leave it out, or load it again.", where=where
        )
