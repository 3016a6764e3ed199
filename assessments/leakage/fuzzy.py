"""Fuzzy links: the most similar right record of each left one, and whether it is the only one.

Similarity of a pair is the mean over attributes: Jaro–Winkler for texts, and for numbers one minus
their distance in interquartile ranges. It is computed once for each pair of distinct values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assessments.errors import BadInput
from assessments.leakage.measurement import Estimate
from assessments.leakage.rates import wilson_interval
from assessments.leakage.relation import Column, Relation

LEFT_ROWS = 1_000
MOST_PAIRS = 20_000_000
MOST_RIGHT_ROWS = 200_000
TIE = 1e-6
Pairs = Sequence[tuple[Column, Column]]


def measure(
    left: Relation, right: Relation, pairs: Pairs, similarity: float
) -> dict[str, Estimate]:
    """Share of (the first) left records with exactly one nearest right record that is alike enough."""
    rows = right.rows()
    if rows > MOST_RIGHT_ROWS:
        raise BadInput(
            f"Fuzzy linkage compares with up to {MOST_RIGHT_ROWS:,} records; the right table has {rows:,}.",
            "Link exactly, or give the part of the right table that matters.",
            where={"file": right.path},
        )
    asked = min(LEFT_ROWS, MOST_PAIRS // rows, left.rows())
    total = np.zeros((asked, rows), np.float32)
    for one, two in pairs:
        total += _similarities(left, right, one, two, asked)
    total /= len(pairs)
    best = total.max(axis=1)
    single = (total >= best[:, None] - TIE).sum(axis=1) == 1
    return {
        "fuzzy_unique_link_share": wilson_interval(
            int((single & (best >= similarity)).sum()), asked
        )
    }


def _similarities(
    left: Relation, right: Relation, one: Column, two: Column, asked: int
) -> NDArray[np.float32]:
    run = left.connection.execute
    run(
        f"create or replace temp table asked as select {one.sql} as v from {left.view} limit {asked}"
    )
    run(f"create or replace temp table offered as select {two.sql} as v from {right.view}")
    for side in ("asked", "offered"):
        run(f"""create or replace temp table {side}_values as
            select v, row_number() over (order by v) - 1 as i from (select distinct v from {side})""")
    score = _score(right, one, two)
    found = run(
        f"select ({score})::float as s from asked_values as a, offered_values as b order by a.i, b.i"
    ).fetchnumpy()["s"]
    codes = [_codes(left, side) for side in ("asked", "offered")]
    return np.asarray(found, np.float32).reshape(-1, int(codes[1].max()) + 1)[
        np.ix_(codes[0], codes[1])
    ]


def _codes(relation: Relation, side: str) -> NDArray[np.int64]:
    query = f"""select i from {side} join {side}_values on {side}.v is not distinct from {side}_values.v
                order by {side}.rowid"""
    return np.asarray(relation.connection.execute(query).fetchnumpy()["i"], np.int64)


def _score(right: Relation, one: Column, two: Column) -> str:
    if one.is_numeric and two.is_numeric:
        spread = right.scalar(
            f"select quantile_cont({two.sql}::double, 0.75) - quantile_cont({two.sql}::double, 0.25) from {right.view}"
        )
        return (
            f"coalesce(greatest(0, 1 - abs(a.v::double - b.v::double) / {float(spread or 1.0)}), 0)"
        )
    return "coalesce(jaro_winkler_similarity(lower(a.v::varchar), lower(b.v::varchar)), 0)"
