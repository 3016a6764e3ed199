"""All attacks on one release, at equal sizes; the self-tests run this same battery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessments.leakage.measurement import Check, Estimate, Table
from assessments.leakage.synthetic import closeness, copies, inference, linkability, singling_out
from assessments.leakage.synthetic.attacks import Outcome
from assessments.leakage.synthetic.tables import Rows

SELF_TEST_ATTACKS = 200
PLANTED = 0.1
BLURRED, KEPT = 0.3, 0.8


@dataclass(frozen=True, slots=True)
class Plan:
    """What the attacker goes after: secrets, known attributes, and the sources to link."""

    secrets: tuple[int, ...]
    known: tuple[int, ...]
    sides: tuple[Sequence[int], Sequence[int]]
    n: int
    confidence: float
    neighbours: int = 1

    @property
    def strict(self) -> float:
        """The confidence of one attack so that all together keep theirs (Bonferroni)."""
        return 1 - (1 - self.confidence) / (4 + len(self.secrets))


@dataclass(frozen=True, slots=True)
class Findings:
    """What the battery found."""

    copies: copies.Copies
    outcomes: tuple[Outcome, ...]
    strict: float

    @property
    def severity(self) -> tuple[float, float]:
        """Lower and upper bound of the worst attack."""
        risks = [self.copies.advantage, *(each.risk(self.strict) for each in self.outcomes)]
        return max(risk.low or 0.0 for risk in risks), max(_upper(risk) for risk in risks)

    @property
    def driver(self) -> str:
        """The attack that decides the severity."""
        lows = {each.name: each.risk(self.strict).low or 0.0 for each in self.outcomes}
        lows["exact_copies"] = self.copies.advantage.low or 0.0
        return max(lows, key=lambda name: lows[name])

    def as_table(self) -> Table:
        """One row an attack, saying which one decides."""
        lows = {each.name: each.risk(self.strict).low for each in self.outcomes}
        lows["exact_copies"] = self.copies.advantage.low
        rows: list[dict[str, object]] = [{"attack": "exact_copies"}]
        rows += [each.as_row() for each in self.outcomes]
        return tuple(
            {**row, "severity": lows[str(row["attack"])], "driver": row["attack"] == self.driver}
            for row in rows
        )


def run(
    training: Rows, synthetic: Rows, control: Rows, plan: Plan, rng: np.random.Generator
) -> Findings:
    """Copies first, then every attack; training and control are of equal size."""
    copied = copies.measure(training, synthetic, control, plan.strict)
    outcomes = [
        singling_out.univariate(training, synthetic, control, plan.n, rng),
        singling_out.multivariate(training, synthetic, control, plan.n, rng),
        linkability.measure(training, synthetic, control, plan.sides, plan.n, rng, plan.neighbours),
    ]
    for secret in plan.secrets:
        known = [column for column in plan.known if column != secret]
        if known:
            outcomes.append(
                inference.measure(training, synthetic, control, secret, known, plan.n, rng)
            )
    return Findings(copied, tuple(outcomes), plan.strict)


def power_check(
    training: Rows, synthetic: Rows, control: Rows, plan: Plan, rng: np.random.Generator
) -> Check:
    """Plant training rows among the synthetic ones; the battery has to find them."""
    planted = synthetic.planted(training, PLANTED, rng)
    found = run(training, planted, control, _short(plan), rng).severity[0]
    return Check("passed" if found > 0 else "failed", f"{PLANTED:.0%} training rows planted", found)


def reach(
    training: Rows, synthetic: Rows, control: Rows, plan: Plan, rng: np.random.Generator
) -> Table:
    """Leaks that are no plain copies, planted one by one, and what of this run sees them.

    Near copies: training rows in which one attribute or more come from another row. A secret: the
    same for what the attacker knows, with the secret always the true one and the rest as released.
    """
    first = plan.secrets[:1]
    asked = [*plan.known, *first]
    plants = [
        ("near copies", synthetic.planted(training, BLURRED, rng, kept=KEPT)),
        ("a secret", synthetic.planted(training, BLURRED, rng, asked, KEPT, first)),
    ]
    return tuple(
        {"plant": name, "share": BLURRED, **_seen(training, planted, control, plan, rng)}
        for name, planted in plants
    )


def _seen(
    training: Rows, planted: Rows, control: Rows, plan: Plan, rng: np.random.Generator
) -> dict[str, object]:
    """Which attacks and distances notice it; copies that came about by chance do not count."""
    outcomes = run(training, planted, control, _short(plan), rng).outcomes
    lows = {each.name: each.risk(plan.strict).low or 0.0 for each in outcomes}
    seen = [name for name, low in lows.items() if low > 0]
    return {
        "severity": max(lows.values()),
        "seen_by": seen + _distances(training, planted, control, plan, rng),
    }


def _distances(
    training: Rows, planted: Rows, control: Rows, plan: Plan, rng: np.random.Generator
) -> list[str]:
    n = 2 * plan.n
    nearer = closeness.closer_to_training(training, planted, control, n, rng, plan.confidence)
    area = closeness.density_ratio(training, planted, control, n, rng)
    found = {"dcr_closer_to_training": nearer, "density_ratio_auc": area}
    return [name for name, each in found.items() if (each.low or 0.0) > 0.5]


def null_check(synthetic: Rows, control: Rows, plan: Plan, rng: np.random.Generator) -> Check:
    """Call half of the control "training": the release cannot know it, so nothing may be found."""
    pretended, held = control.split(rng)
    found = run(pretended, synthetic, held, _short(plan), rng).severity[0]
    return Check(
        "passed" if found == 0 else "failed", "half of the control taken for training", found
    )


def _short(plan: Plan) -> Plan:
    return Plan(
        plan.secrets[:2], plan.known, plan.sides, min(plan.n, SELF_TEST_ATTACKS), plan.confidence
    )


def _upper(risk: Estimate) -> float:
    return 1.0 if risk.high is None else risk.high
