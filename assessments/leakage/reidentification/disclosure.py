"""Attribute disclosure inside classes: l, (α,k), t, β and δ, one pass over the class parts.

q is a value's share inside a class, p its share in the table. Distinct and entropy l (the latter
kept real) and recursive (c,l): Machanavajjhala 2007; (α,k): Wong 2006; t: Li 2007; β: Cao & Karras
2012; δ-disclosure: Brickell & Shmatikov 2008, infinite as soon as one value misses a class.
"""

from __future__ import annotations

from typing import Any

from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification.classes import Classes

# Classes with one value need no join: q = 1, and what they show depends on that value alone.
UNIFORM = """
create or replace temp table uniform as
select grouped.s, any_value(p) as p, sum(n)::bigint as records, count(*) as classes
from grouped join marginal on grouped.s is not distinct from marginal.s
where l = 1 group by grouped.s
"""

# Classes with several values. t is Σ max(q − p, 0), which is half of Σ |q − p| as both sum to 1;
# β and δ follow from the extremes of q/p; enhanced β is min(q/p − 1, −ln p), increasing in q.
MIXED = """
create or replace temp table mixed as
with each as (
    select id, n, l, c, p, c / n::double as q from parts where l > 1
),
per_class as (
    select n, any_value(l) as l, max(c) as top, sum(greatest(q - p, 0)) as t,
           ln(n) - sum(c * ln(c)) / n as entropy, max(q / p) as most, min(q / p) as least,
           max(least(q / p - 1, -ln(p))) as enhanced
    from each group by id, n
)
select min(l) as l, exp(min(entropy)) as entropy_l, max(top / n::double) as alpha, max(t) as t,
       max(most) as most, min(least) as least, max(enhanced) as enhanced,
       max(top / (n - top)::double) as recursive,
       bool_or(l < (select count(*) from marginal)) as absent
from per_class
"""

SUMMARY = """
with alone as (
    select 1 as l, 1.0::double as entropy_l, 1.0::double as alpha, max(1 - p) as t,
           max(1 / p) as most, min(1 / p) as least, max(least(1 / p - 1, -ln(p))) as enhanced,
           (select count(*) from marginal) > 1 as absent
    from uniform having count(*) > 0
),
every as (
    select * from alone union all by name select * exclude (recursive) from mixed where l is not null
)
select min(l) as l, min(entropy_l) as entropy_l, max(alpha) as alpha, max(t) as t,
       max(most) - 1 as beta, greatest(ln(max(most)), -ln(min(least))) as delta,
       max(enhanced) as enhanced, bool_or(absent) as delta_infinite,
       (select coalesce(sum(records), 0) from uniform) as homogeneous_records,
       (select coalesce(sum(classes), 0) from uniform) as homogeneous_classes
from every
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
select (select recursive from mixed), (select coalesce(sum(classes), 0) from uniform)
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
    relation.connection.execute(UNIFORM)
    relation.connection.execute(MIXED)
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
        "enhanced_beta_likeness": Estimate.exact(max(0.0, found["enhanced"])),
        "delta_disclosure": Estimate.exact(found["delta"], infinite=bool(found["delta_infinite"])),
        "homogeneous_records": Estimate.exact(
            int(found["homogeneous_records"]) / classes.histogram.rows
        ),
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
    floor = int(smallest_class)
    scalar = classes.relation.scalar
    gain = scalar(f"select coalesce(max(c / n::double - p), 0) from parts where n >= {floor}")
    alike = scalar(f"select coalesce(sum(n), 0) from grouped where l = 1 and n >= {floor}")
    return float(gain), float(alike) / classes.histogram.rows


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
