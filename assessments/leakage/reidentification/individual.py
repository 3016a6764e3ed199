"""Individual risk under sampling weights, and the reading in which missing matches everything.

With p = f_k/F_k, r = p^f/f · ₂F₁(f, f; f + 1; 1 − p) (Franconi & Polettini 2004), which is
p/(1 − p)·ln(1/p) for f = 1; large classes use p/(f − (1 − p)); r = 1/f where the sample is the
population. Households: 1 − Π(1 − r).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.reidentification.classes import Classes, Histogram
from assessments.leakage.relation import Data, Relation, open_relations

Nulls = Literal["value", "wildcard"]
SERIES_UP_TO = 40
MOST_PATTERNS = 32
Floats = NDArray[np.float64]


def evaluate(
    data: Data, qis: Sequence[str], weight: str | None = None, nulls: Nulls = "value"
) -> Floats:
    """The risk of every record, in the order of the table."""
    with open_relations(data, ordered=True) as (relation,):
        build(relation, qis, weight, nulls)
        found = relation.connection.execute(
            """select pattern.f, pattern.big_f from row_pattern join pattern using (id) order by place"""
        ).fetchnumpy()
    return risk(np.asarray(found["f"], np.float64), np.asarray(found["big_f"], np.float64))


def risk(sample: Floats, population: Floats) -> Floats:
    """r for sample frequencies f_k and population frequencies F_k."""
    from scipy import special

    p = np.minimum(1.0, sample / population)
    inner = np.where(p < 1, p, 0.5)
    approximate = inner / (sample - (1 - inner))
    small = np.minimum(sample, SERIES_UP_TO)
    exact = inner**small / small * special.hyp2f1(small, small, small + 1, 1 - inner)
    return np.where(p >= 1, 1 / sample, np.where(sample <= SERIES_UP_TO, exact, approximate))


def household(risks: Floats, groups: NDArray[np.int64]) -> Floats:
    """1 − Π(1 − r) over the members of each household, repeated for every member."""
    logs = np.log1p(-np.minimum(risks, 1 - 1e-15))
    _, where = np.unique(groups, return_inverse=True)
    together = -np.expm1(np.bincount(where, weights=logs))
    return np.asarray(together[where], np.float64)


def build(relation: Relation, qis: Sequence[str], weight: str | None, nulls: Nulls) -> None:
    """Tables ``row_pattern`` (place, id) and ``pattern`` (id, f, big_f)."""
    keys = [f"q{i}" for i in range(len(qis))]
    picked = ", ".join(
        f"{column.sql} as {key}" for column, key in zip(relation.pick(qis), keys, strict=True)
    )
    weighed = "1.0" if weight is None else f"{_weight(relation, weight)}::double"
    run = relation.connection.execute
    run(f"""create or replace temp table numbered as
        select row_number() over () as place, {picked}, {weighed} as w from {relation.view}""")
    run(f"""create or replace temp table simple as
        select row_number() over () as id, * from (
            select {", ".join(keys)}, count(*)::double as n, sum(w) as w from numbered group by {", ".join(keys)})""")
    same = " and ".join(f"a.{key} is not distinct from b.{key}" for key in keys)
    run(f"""create or replace temp table row_pattern as
        select a.place, b.id from numbered as a join simple as b on {same}""")
    if nulls == "value":
        run("create or replace temp table pattern as select id, n as f, w as big_f from simple")
    else:
        _wildcard(relation, keys)


def _weight(relation: Relation, name: str) -> str:
    column = relation.column(name)
    where = {"file": relation.path, "column": name}
    if not column.is_numeric:
        raise BadInput("A weight has to be a number.", where=where)
    if relation.scalar(
        f"select count(*) from {relation.view} where not coalesce({column.sql} > 0, false)"
    ):
        raise BadInput("A weight has to be above 0 in every row.", where=where)
    return column.sql


def wildcard_histogram(classes: Classes) -> Histogram:
    """Per record, how many records it could be when missing matches everything (NULL as wildcard)."""
    listed = ", ".join(classes.keys)
    classes.relation.connection.execute(
        f"""create or replace temp table simple as
            select id, {listed}, n::double as n, n::double as w from classes"""
    )
    _wildcard(classes.relation, classes.keys)
    found = classes.relation.connection.execute(
        """select f::bigint as f, sum(n)::bigint as n from pattern join simple using (id) group by 1 order by 1"""
    ).fetchnumpy()
    return Histogram(np.asarray(found["f"], np.int64), np.asarray(found["n"], np.int64))


def _wildcard(relation: Relation, keys: Sequence[str]) -> None:
    """A missing value matches every value: one hash join for each pair of missing patterns."""
    mask = " + ".join(f"({key} is null)::int * {1 << i}" for i, key in enumerate(keys))
    masks = [
        row[0]
        for row in relation.connection.execute(f"select distinct {mask} from simple").fetchall()
    ]
    if len(masks) > MOST_PATTERNS:
        raise BadInput(
            f"Missing values follow {len(masks)} patterns; the wildcard reading is computed for up to {MOST_PATTERNS}.",
            where={"file": relation.path},
        )
    run = relation.connection.execute
    run("create or replace temp table matched (id bigint, f double, big_f double)")
    for one in masks:
        parts = " union all ".join(_pair(keys, mask, one, two) for two in masks)
        run(f"insert into matched {parts}")
    run("""create or replace temp table pattern as
        select id, sum(f) as f, sum(big_f) as big_f from matched group by id""")


def _pair(keys: Sequence[str], mask: str, one: int, two: int) -> str:
    shared = [key for i, key in enumerate(keys) if not (one | two) >> i & 1]
    other = f"select {', '.join([*shared, 'sum(n) as n', 'sum(w) as w'])} from simple where {mask} = {two}"
    if not shared:
        return f"select a.id, b.n as f, b.w as big_f from (select * from simple where {mask} = {one}) as a, ({other}) as b"
    listed = ", ".join(shared)
    return (
        f"select a.id, b.n as f, b.w as big_f from (select * from simple where {mask} = {one}) as a "
        f"join ({other} group by {listed}) as b using ({listed})"
    )
