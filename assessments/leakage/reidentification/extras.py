"""What can be added to the figures of one table: a population, its size, missing values, what-if."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assessments.errors import BadInput
from assessments.leakage.measurement import Estimate, Table
from assessments.leakage.reidentification import (
    generalisation,
    individual,
    population,
    ranking,
    risk,
)
from assessments.leakage.reidentification.classes import Classes, has_missing
from assessments.leakage.reidentification.hierarchy import Hierarchy
from assessments.leakage.relation import Data, Relation

MOST_RANKED = 300_000
Attacker = Literal["prosecutor", "journalist"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure: thresholds, the declared attacker, and what is known beyond the table."""

    threshold: float = risk.DEFAULT_THRESHOLD
    ordered: bool | None = None
    recursive_l: int | None = None
    attacker: Attacker = "prosecutor"
    population: Data | None = None
    population_size: int | None = None
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    target_k: int = 11
    suppression: float = 0.0
    by_attribute: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise BadInput("A risk threshold lies above 0 and at most at 1.", field="threshold")
        if self.attacker == "journalist" and self.population is None:
            raise BadInput("A journalist's risk needs the population table.", field="population")


def figures(classes: Classes, options: Options, beside: Relation | None) -> dict[str, Estimate]:
    """The figures that the options ask for."""
    found: dict[str, Estimate] = {}
    if beside is not None:
        names = [column.name for column in classes.qis]
        found |= population.measure(classes, beside, names, options.threshold)
    if options.population_size is not None:
        from assessments.leakage.reidentification import uniqueness

        found |= uniqueness.estimate(
            classes.histogram, options.population_size, options.seed
        ).as_estimates()
    if has_missing(classes):
        found |= _wildcard(classes, options.threshold)
    return found


def tables(classes: Classes, options: Options) -> dict[str, Table]:
    """Class sizes, the ranking of attributes and the what-if."""
    pairs = zip(classes.histogram.sizes.tolist(), classes.histogram.counts.tolist(), strict=True)
    found: dict[str, Table] = {
        "class_sizes": tuple({"size": size, "classes": count} for size, count in pairs)
    }
    if options.by_attribute and classes.histogram.classes <= MOST_RANKED:
        found["attributes"] = ranking.by_attribute(classes)
    if options.hierarchies:
        found["what_if"] = generalisation.advise(
            classes, options.hierarchies, options.target_k, options.suppression
        ).as_table()
    return found


def advice(found: Mapping[str, Table]) -> list[str]:
    """The recommended generalisation in words, where one was looked for."""
    if "what_if" not in found:
        return []
    best = next((row for row in found["what_if"] if row["recommended"]), None)
    if best is None:
        return ["No combination of these levels reaches the size of class that was asked for."]
    moved = [f"{name} to level {level}" for name, level in best["levels"].items() if level]
    parts = f", suppressing {best['suppressed']:.1%}" if best["suppressed"] else ""
    return [f"Recommended: {', '.join(moved) or 'nothing coarser'}: k = {best['k']}{parts}."]


def band_note(options: Options) -> list[str]:
    """What the band of population uniques covers, where one was asked for."""
    if options.population_size is None:
        return []
    return [
        "The band of population uniques spans three models and their measured error; it is no confidence "
        "interval. It overstates where people come in pairs or attributes are few and narrow, and is "
        "widest and least sure for samples of some hundred records. A population table is better."
    ]


def _wildcard(classes: Classes, threshold: float) -> dict[str, Estimate]:
    candidates = individual.wildcard_histogram(classes)
    at_risk = candidates.counts[1 / candidates.sizes > threshold].sum() / candidates.counts.sum()
    return {
        "k_anonymity_wildcard": Estimate.exact(candidates.k),
        "records_at_risk_wildcard": Estimate.exact(float(at_risk)),
    }
