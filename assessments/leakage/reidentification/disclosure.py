"""Attribute disclosure inside classes: l, (α,k), t, β and δ, one pass over the class parts.

q is a value's share inside a class, p its share in the table. Distinct and entropy l (the latter
kept real) and recursive (c,l): Machanavajjhala 2007; (α,k): Wong 2006; t: Li 2007; β: Cao & Karras
2012; δ-disclosure: Brickell & Shmatikov 2008, infinite as soon as one value misses a class.
"""

from __future__ import annotations

from typing import Any

from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification.classes import Classes

PER_CLASS = """
create or replace temp table disclosure as
select id, any_value(parts.n) as n, count(*) as l, max(c) as top, max(c)::double / any_value(parts.n) as alpha,
       exp(ln(any_value(parts.n)) - sum(c * ln(c)) / any_value(parts.n)) as entropy_l,
       (sum(abs(c / parts.n::double - p)) + greatest(0, 1 - sum(p))) / 2 as t,
       max(c / parts.n::double / p) - 1 as beta,
       max(abs(ln(c / parts.n::double / p))) as delta,
       max(c / parts.n::double - p) as gain
from parts join marginal using (v) group by id
"""

SUMMARY = """
select min(l) as l, min(entropy_l) as entropy_l, max(alpha) as alpha, max(t) as t,
       max(beta) as beta, max(delta) as delta,
       bool_or(l < (select count(*) from marginal)) as delta_infinite,
       sum(n) filter (where l = 1)::double / sum(n) as homogeneous_share,
       count(*) filter (where l = 1) as homogeneous_classes
from disclosure
"""

ENHANCED = """
with strongest as (
    select v, max(c / n::double) as q from parts group by v
)
select max(least(q / p - 1, -ln(p))) from strongest join marginal using (v) where q > p
"""

RECURSIVE = """
with ranked as (
    select id, c, row_number() over (partition by id order by c desc) as place from parts
),
ratios as (
    select max(c)::double as top, sum(c) filter (where place >= {l}) as tail from ranked group by id
)
select max(top / tail), count(*) filter (where tail is null) from ratios
"""

# With l = 2 the tail is everything but the commonest value.
RECURSIVE_2 = """
select max(top / nullif(n - top, 0)::double), count(*) filter (where n = top) from disclosure
"""

# Position i of the sorted values holds the running share P_i; between two values present in a
# class its running share Q is constant, so Σ|Q − P_i| over the gap follows from prefix sums.
ORDERED = """
with running as (
    select v as i, sum(p) over (order by v) as big_p from marginal
),
prefix as (
    select i, big_p, sum(big_p) over (order by i) as s, (select count(*) from marginal) as m from running
    union all select 0, 0.0, 0.0, (select count(*) from marginal)
),
steps as (
    select id, v as a, coalesce(lead(v) over w, (select count(*) + 1 from marginal)) as b,
           sum(c) over (partition by id order by v) / n::double as q
    from parts window w as (partition by id order by v)
    union all
    select id, 1, min(v), 0.0 from parts group by id
),
crossed as (
    select steps.*, least(greatest(prefix.i, a - 1), b - 1) as x
    from steps asof join prefix on steps.q >= prefix.big_p - 1e-12
),
distance as (
    select id, sum(q * (x - a + 1) - (at_x.s - before.s) + (after.s - at_x.s) - q * (b - 1 - x)) as area
    from crossed
    join prefix as at_x on at_x.i = x
    join prefix as before on before.i = a - 1
    join prefix as after on after.i = b - 1
    group by id
)
select max(area) / nullif((select count(*) from marginal) - 1, 0) from distance
"""


def measure(
    classes: Classes, *, ordered: bool | None = None, recursive_l: int | None = None
) -> dict[str, Estimate]:
    """Every disclosure figure of the grouped table; ordered t by default where values are ordered."""
    if classes.sensitive is None:
        return {}
    relation = classes.relation
    relation.connection.execute(PER_CLASS)
    found = dict(
        zip(
            _names(relation.connection.execute(SUMMARY)),
            relation.connection.fetchone() or (),
            strict=True,
        )
    )
    is_ordered = classes.sensitive.is_ordered if ordered is None else ordered
    figures = {
        "l_diversity": Estimate.exact(int(found["l"])),
        "entropy_l_diversity": Estimate.exact(found["entropy_l"]),
        **_recursive(classes, recursive_l or max(2, int(found["l"]))),
        "alpha_k_anonymity": Estimate.exact(found["alpha"]),
        "t_closeness_categorical": Estimate.exact(found["t"]),
        "basic_beta_likeness": Estimate.exact(max(0.0, found["beta"])),
        "enhanced_beta_likeness": Estimate.exact(relation.scalar(ENHANCED) or 0.0),
        "delta_disclosure": Estimate.exact(found["delta"], infinite=bool(found["delta_infinite"])),
        "homogeneous_records": Estimate.exact(found["homogeneous_share"] or 0.0),
        "homogeneous_classes": Estimate.exact(int(found["homogeneous_classes"])),
    }
    if is_ordered:
        figures["t_closeness_ordered"] = Estimate.exact(relation.scalar(ORDERED) or 0.0)
    figures["t_closeness"] = figures[
        "t_closeness_ordered" if is_ordered else "t_closeness_categorical"
    ]
    return figures


def largest_gain(classes: Classes, smallest_class: int) -> tuple[float, float]:
    """Largest q − p over classes of at least a size, and the share of people in homogeneous ones.

    Smaller classes are already counted by the re-identification channel.
    """
    row = classes.relation.connection.execute(
        """select coalesce(max(gain), 0), coalesce(sum(n) filter (where l = 1), 0) / ?::double
           from disclosure where n >= ?""",
        [classes.histogram.rows, smallest_class],
    ).fetchone()
    return (float(row[0]), float(row[1])) if row else (0.0, 0.0)


def _recursive(classes: Classes, l_value: int) -> dict[str, Estimate]:
    query = RECURSIVE_2 if l_value == 2 else RECURSIVE.format(l=int(l_value))
    worst, unbounded = classes.relation.connection.execute(query).fetchone() or (None, 0)
    infinite = bool(unbounded)
    value = None if infinite else worst
    return {
        "recursive_c": Estimate(value, worst, value, infinite),
        "recursive_l": Estimate.exact(l_value),
    }


def _names(result: Any) -> list[str]:
    return [column[0] for column in result.description]
