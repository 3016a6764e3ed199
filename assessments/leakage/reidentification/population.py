"""Re-identification against a population table: journalist, marketer, k-map and δ-presence.

F_c is the population size of class c, n_c its size in the released table. Journalist: max 1/min
F_c; average max(J/ΣF_c, (1/N)Σ n_c/F_c). k-map: min F_c over classes of the release (Sweeney).
δ-presence: n_c/F_c over population classes, as a range (Nergiz 2007). NULL equals NULL.
"""

from __future__ import annotations

from collections.abc import Sequence

from assessments.errors import BadInput
from assessments.leakage.measurement import Estimate
from assessments.leakage.reidentification.classes import Classes
from assessments.leakage.relation import Relation

FIGURES = """
select min(f), count(*)::double / sum(f), sum(n / f::double) / sum(n),
       coalesce(sum(n) filter (where 1 / f::double > {threshold}), 0) / sum(n)::double,
       count(*) filter (where n = 1 and f = 1), count(*) filter (where n = 1)
from mapped where f is not null
"""


def measure(
    classes: Classes, population: Relation, qis: Sequence[str], threshold: float
) -> dict[str, Estimate]:
    """Join the classes of a release with those of the population they came from."""
    _join(classes, population, qis)
    missing = classes.relation.scalar(
        "select coalesce(sum(n), 0) from mapped where f is null or f < n"
    )
    if missing:
        raise BadInput(
            f"{missing} records of the release are not in the population table.",
            "A population has to hold everybody the release was drawn from.",
            where={"file": population.path},
        )
    run = classes.relation.connection.execute
    k_map, spread, marketer, share, both, _ = (
        run(FIGURES.format(threshold=float(threshold))).fetchone() or ()
    )
    low, high = (
        run(
            "select min(coalesce(n, 0) / f::double), max(coalesce(n, 0) / f::double) from present"
        ).fetchone()
        or ()
    )
    figures = {
        "k_map": k_map,
        "journalist_risk": 1 / k_map,
        "journalist_average_risk": max(spread, marketer),
        "journalist_records_at_risk": share,
        "marketer_risk_population": marketer,
        "population_uniques_in_release": both,
        "delta_presence_min": low,
        "delta_presence_max": high,
    }
    return {name: Estimate.exact(value) for name, value in figures.items()}


def _join(classes: Classes, population: Relation, qis: Sequence[str]) -> None:
    columns = population.pick(qis)
    picked = ", ".join(
        f"{column.sql} as {key}" for column, key in zip(columns, classes.keys, strict=True)
    )
    listed = ", ".join(classes.keys)
    same = " and ".join(
        f"r.{key}::varchar is not distinct from p.{key}::varchar" for key in classes.keys
    )
    run = classes.relation.connection.execute
    run(f"""create or replace temp table population as
        select {picked}, count(*)::bigint as f from {population.view} group by {listed}""")
    run(f"""create or replace temp table mapped as
        select r.id, r.n, p.f from classes as r left join population as p on {same}""")
    run(f"""create or replace temp table present as
        select r.n, p.f from population as p left join classes as r on {same}""")
