"""Linkage of two sources: how surely records of one find their match in the other.

Exact: classes of the named attributes on both sides; a link is certain when a class holds one
record on each side, and otherwise right with probability 1/max(n_left, n_right) at best. Fuzzy:
the nearest right record by mean attribute similarity (Jaro–Winkler for texts, relative distance
for numbers), a link when it is the only nearest one and close enough. With known pairs the links
are checked; without them the figures assume that equal people agree on the attributes.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessments.errors import BadInput
from assessments.leakage import fuzzy
from assessments.leakage.measurement import Check, Estimate, Measurement, stamped
from assessments.leakage.rates import wilson_interval
from assessments.leakage.reidentification.risk import severity
from assessments.leakage.relation import Column, Data, Relation, open_relations

VERSION = "1"
MOST_SETS = 256
ASSUMPTIONS = (
    "The attacker holds both sources and may use every named attribute.",
    "A person in both sources carries the same values there, up to the similarity for fuzzy links.",
    "It does not show links through attributes that were not named.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """Exact alone, or fuzzy too; ``key`` names a column that holds the true identity in both."""

    fuzzy: bool = False
    similarity: float = 0.9
    key: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.similarity <= 1:
            raise BadInput("A similarity lies above 0 and at most at 1.", field="similarity")


@dataclass(frozen=True, slots=True)
class Links:
    """What one set of attributes links."""

    on: tuple[str, ...]
    matched: int
    unique: int
    expected: float
    best: float


def evaluate(
    left: Data, right: Data, on: Sequence[str], options: Options | None = None
) -> Measurement:
    """Link two sources on the named attributes."""
    options = options or Options()
    started = time.perf_counter()
    with open_relations(left, right, ordered=True) as (one, two):
        pairs = list(zip(one.pick(on), two.pick(on), strict=True))
        rows = one.rows(), two.rows()
        _refuse_empty((one, two), rows, pairs)
        whole = _links(one, two, pairs)
        results = _results(whole, rows) | _known(one, two, pairs, options)
        if options.fuzzy:
            results |= fuzzy.measure(one, two, pairs, options.similarity)
        by_set = _by_set(one, two, pairs)
        power, null = _checks(one, two, pairs)
        inputs = (one.source(rows[0]), two.source(rows[1]))
    found = _measurement(whole, rows, options)
    found = replace(
        found,
        results=results,
        inputs=inputs,
        tables={"attribute_sets": by_set},
        power_check=power,
        null_check=null,
    )
    return stamped(replace(found, params={**found.params, "on": list(on)}), started)


def _measurement(whole: Links, rows: tuple[int, int], options: Options) -> Measurement:
    shown = severity(whole.best, min(rows)) if whole.best else 0.0
    unknown = Check("not_run", "")
    return Measurement(
        channel="linkage",
        method="exact classes" + (" and fuzzy nearest record" if options.fuzzy else ""),
        method_version=VERSION,
        value=whole.best, ci_low=whole.best, ci_high=whole.best, confidence=1.0,
        n=rows[0],
        baseline=1 / min(rows), baseline_kind="a record picked blindly",
        severity=shown, severity_high=shown, extent=whole.unique / rows[0],
        status="measured", power_check=unknown, null_check=unknown, assumptions=ASSUMPTIONS,
        params={"fuzzy": options.fuzzy, "similarity": options.similarity, "key": options.key},
        caveats=() if options.key else ("No true pairs were given: links are unique matches, not proven ones.",),
    )  # fmt: skip


def _links(left: Relation, right: Relation, pairs: Sequence[tuple[Column, Column]]) -> Links:
    sides = [_grouped(side, [pair[i] for pair in pairs]) for i, side in enumerate((left, right))]
    same = " and ".join(f"a.k{i} = b.k{i}" for i in range(len(pairs)))
    row = left.connection.execute(
        f"""select coalesce(sum(a.n), 0), count(*) filter (where a.n = 1 and b.n = 1),
                   coalesce(sum(a.n / greatest(a.n, b.n)::double), 0), coalesce(max(1 / greatest(a.n, b.n)::double), 0)
            from ({sides[0]}) as a join ({sides[1]}) as b on {same}"""
    ).fetchone() or (0, 0, 0.0, 0.0)
    return Links(
        tuple(pair[0].name for pair in pairs),
        int(row[0]),
        int(row[1]),
        float(row[2]),
        float(row[3]),
    )


def _grouped(side: Relation, columns: Sequence[Column]) -> str:
    picked = ", ".join(f"{_text(column)} as k{i}" for i, column in enumerate(columns))
    return f"select {picked}, count(*)::bigint as n from {side.view} group by all"


def _text(column: Column) -> str:
    """Values as compared: numbers as numbers, texts without case or surrounding blanks."""
    return (
        f"{column.sql}::double::varchar"
        if column.is_numeric
        else f"lower(trim({column.sql}::varchar))"
    )


def _results(links: Links, rows: tuple[int, int]) -> dict[str, Estimate]:
    return {
        "linkage_risk": Estimate.exact(links.best),
        "matched_records": Estimate.exact(links.matched),
        "unique_links": Estimate.exact(links.unique),
        "unique_link_share": Estimate.exact(links.unique / rows[0]),
        "expected_correct_links": Estimate.exact(links.expected),
        "expected_correct_share": Estimate.exact(links.expected / rows[0]),
    }


def _known(
    left: Relation, right: Relation, pairs: Sequence[tuple[Column, Column]], options: Options
) -> dict[str, Estimate]:
    if options.key is None:
        return {}
    found = _unique_pairs(left, right, pairs, options.key)
    total, correct = left.connection.execute(
        f"select count(*), count(*) filter (where l = r) from ({found})"
    ).fetchone() or (0, 0)
    precision = wilson_interval(correct, total) if total else Estimate(None, None, None)
    return {"link_precision": precision, "correct_links": Estimate.exact(correct)}


def _unique_pairs(
    left: Relation, right: Relation, pairs: Sequence[tuple[Column, Column]], key: str
) -> str:
    sides = []
    for i, side in enumerate((left, right)):
        picked = ", ".join(f"{_text(pair[i])} as k{j}" for j, pair in enumerate(pairs))
        sides.append(
            f"select {picked}, any_value({side.column(key).sql}::varchar) as id from {side.view} group by "
            + ", ".join(f"k{j}" for j in range(len(pairs)))
            + " having count(*) = 1"
        )
    same = " and ".join(f"a.k{i} = b.k{i}" for i in range(len(pairs)))
    return f"select a.id as l, b.id as r from ({sides[0]}) as a join ({sides[1]}) as b on {same}"


def _by_set(
    left: Relation, right: Relation, pairs: Sequence[tuple[Column, Column]]
) -> tuple[dict[str, object], ...]:
    """Which attributes do it: every subset, the most linking first."""
    sizes = range(1, len(pairs) + 1)
    subsets = itertools.chain.from_iterable(itertools.combinations(pairs, size) for size in sizes)
    found = [_links(left, right, subset) for subset in itertools.islice(subsets, MOST_SETS)]
    ranked = sorted(found, key=lambda links: (-links.unique, len(links.on)))
    return tuple(
        {"on": list(each.on), "unique_links": each.unique, "expected_correct": each.expected}
        for each in ranked
    )


def _checks(
    left: Relation, right: Relation, pairs: Sequence[tuple[Column, Column]]
) -> tuple[Check, Check]:
    """A record planted on both sides is linked; against a copy in which all are doubled, none is."""
    views = []
    for i, side in enumerate((left, right)):
        picked = ", ".join(f"{_text(pair[i])} as k{j}" for j, pair in enumerate(pairs))
        views.append(f"(select {picked} from {side.view} limit 5000)")
    token = ", ".join("'planted value of no record'" for _ in pairs)
    doubled = f"{views[1]} union all {views[1]}"
    null = _unique_in(left, views[0], doubled, len(pairs))
    plant = _unique_in(
        left,
        f"{views[0]} union all select {token}",
        f"{doubled} union all select {token}",
        len(pairs),
    )
    return (
        Check(
            "passed" if plant == null + 1 else "failed", "one record planted on both sides", plant
        ),
        Check(
            "passed" if null == 0 else "failed",
            "a right side in which every record has a double",
            null,
        ),
    )


def _unique_in(relation: Relation, left: str, right: str, width: int) -> int:
    keys = ", ".join(f"k{i}" for i in range(width))
    sides = [
        f"select {keys} from ({rows}) as t({keys}) group by {keys} having count(*) = 1"
        for rows in (left, right)
    ]
    return int(
        relation.scalar(
            f"select count(*) from ({sides[0]}) as a join ({sides[1]}) as b using ({keys})"
        )
    )


def _refuse_empty(
    sides: tuple[Relation, Relation],
    rows: tuple[int, int],
    pairs: Sequence[tuple[Column, Column]],
) -> None:
    for i, (side, count) in enumerate(zip(sides, rows, strict=True)):
        if count == 0:
            raise BadInput("This table has no rows.", where={"file": side.path})
        for pair in pairs:
            if not side.scalar(f"select count({pair[i].sql}) from {side.view}"):
                where = {"file": side.path, "column": pair[i].name}
                raise BadInput("This column holds no value at all.", "Leave it out.", where=where)
