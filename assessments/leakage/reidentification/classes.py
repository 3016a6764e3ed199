"""Equivalence classes: rows that agree on every quasi-identifier (Sweeney 2002).

The table is grouped once, by packed words (see ``packing``), into ``cells`` (class and sensitive
value) and ``grouped`` (size of each class and how many values it has). ``classes`` and ``parts``
are views over them that name values again where a measure needs them. NULL semantics are explicit:
under ``value`` NULL equals NULL and nothing else; under ``wildcard`` a missing value matches every
value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.reidentification.packing import Code, Packed, Profile, pack, profile
from assessments.leakage.relation import Column, Relation, reread

SMALL_TABLE = 100
MOST_COUNTED = 2**31 - 1


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
    """A grouped table: which columns, the histogram of class sizes, how many cells are filled."""

    relation: Relation
    qis: tuple[Column, ...]
    sensitive: Column | None
    histogram: Histogram
    keys: tuple[str, ...]
    filled: tuple[int, ...]


def group(relation: Relation, qis: Sequence[str], sensitive: str | None = None) -> Classes:
    """Group a table once by its quasi-identifiers and, when named, the sensitive attribute."""
    try:
        return _grouped(relation, qis, sensitive)
    except duckdb.ConversionException:
        return _grouped(reread(relation), qis, sensitive)


def _grouped(relation: Relation, qis: Sequence[str], sensitive: str | None) -> Classes:
    picked = relation.pick(qis)
    secret = relation.column(sensitive) if sensitive is not None else None
    if secret in picked:
        where = {"file": relation.path, "column": sensitive}
        raise BadInput("A column cannot be quasi-identifier and sensitive at once.", where=where)
    asked = (*picked, secret) if secret else picked
    known = profile(relation, asked)
    _refuse_empty(relation, asked, known)
    keys = tuple(f"q{i}" for i in range(len(picked)))
    _scan(relation, picked, secret, keys, known)
    histogram = read_histogram(relation, "select n from grouped")
    return Classes(relation, picked, secret, histogram, keys, known.filled[: len(picked)])


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
    rows = classes.histogram.rows
    pairs = zip(classes.qis, classes.filled, strict=True)
    return [column.name for column, filled in pairs if filled < rows]


def _scan(
    relation: Relation,
    qis: Sequence[Column],
    sensitive: Column | None,
    keys: Sequence[str],
    known: Profile,
) -> None:
    packed = pack(qis, known.codes[: len(qis)])
    count = "int" if known.rows < MOST_COUNTED else "bigint"
    if sensitive is None:
        _group_rows(relation, packed, count)
    else:
        _group_cells(relation, packed, sensitive, known.codes[-1], count)
    named = ", ".join(f"{value} as {key}" for value, key in zip(packed.values, keys, strict=True))
    relation.connection.execute(f"""create or replace temp view classes as
        select rowid + 1 as id, {named}, n::bigint as n from grouped""")


def _group_rows(relation: Relation, packed: Packed, count: str) -> None:
    picked = _named(packed)
    relation.connection.execute(f"""create or replace temp table grouped as
        select {picked}, count(*)::{count} as n from {relation.view} group by {_listed(packed)}""")


def _group_cells(
    relation: Relation, packed: Packed, sensitive: Column, code: Code | None, count: str
) -> None:
    """``s`` is the sensitive value's code, ``v`` its place in the order of values, NULL last."""
    run, words = relation.connection.execute, _listed(packed)
    secret = f"({code.sql})::int" if code and code.size < MOST_COUNTED else sensitive.sql
    value = code.back.format(code="s") if code and code.size < MOST_COUNTED else "s"
    run(f"""create or replace temp table cells as
        select {_named(packed)}, {secret} as s, count(*)::{count} as c
        from {relation.view} group by {words}, s""")
    run(f"""create or replace temp table marginal as
        select s, {value} as value, row_number() over (order by {value} nulls last)::int as v,
               sum(c)::bigint as total, sum(c)::double / sum(sum(c)) over () as p
        from cells group by s""")
    run(f"""create or replace temp table grouped as
        select {words}, sum(c)::{count} as n, count(*)::int as l, any_value(s) as s
        from cells group by {words}""")
    same = " and ".join(f"cells.{w} is not distinct from grouped.{w}" for w in packed.names)
    run(f"""create or replace temp view parts as
        select grouped.rowid as id, n, l, v, p, c from cells join grouped on {same}
        join marginal on cells.s is not distinct from marginal.s""")


def _named(packed: Packed) -> str:
    pairs = zip(packed.words, packed.names, strict=True)
    return ", ".join(f"{word} as {name}" for word, name in pairs)


def _listed(packed: Packed) -> str:
    return ", ".join(packed.names)


def _refuse_empty(relation: Relation, columns: Sequence[Column], known: Profile) -> None:
    if known.rows == 0:
        raise BadInput("This table has no rows.", where={"file": relation.path})
    for column, filled in zip(columns, known.filled, strict=True):
        if filled == 0:
            raise BadInput(
                "This column holds no value at all.",
                "Leave it out, or load it again.",
                where={"file": relation.path, "column": column.name},
            )
