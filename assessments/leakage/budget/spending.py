"""Runs that spent privacy, and what they spent together.

One training run has as many ε as there are accountants (2.32 to 3.01 for the same noise), so a run
keeps its accountant, version, adjacency, sampling, δ and unit. Only runs of one unit and adjacency
add up. Gaussian runs with known steps are composed by Rényi orders; anything else adds its ε and δ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from assessments.errors import BadInput
from assessments.leakage.budget import accounting

Sampling = Literal["poisson", "shuffle", "none", "unknown"]
Adjacency = Literal["add_remove", "replace_one", "zero_out"]
Step = tuple[float, float, int]


@dataclass(frozen=True, slots=True)
class Run:
    """One use of a dataset under differential privacy; steps are (σ, sampling rate, count)."""

    label: str
    unit: str
    delta: float
    adjacency: str = "add_remove"
    sampling: str = "poisson"
    accountant: str = "rdp"
    version: str = ""
    epsilon: float | None = None
    steps: tuple[Step, ...] = ()
    source_sha256: str | None = None

    def __post_init__(self) -> None:
        _check(self)

    @property
    def credited(self) -> tuple[Step, ...]:
        """Steps as they may be counted: subsampling amplifies only when it was Poisson.

        Shuffled batches partition an epoch, so each record is in one release an epoch at rate 1;
        of other batches nothing is known, so each step counts whole.
        """
        if self.sampling == "poisson":
            return self.steps
        epochs = self.sampling == "shuffle"
        return tuple((sigma, 1.0, math.ceil(q * n) if epochs else n) for sigma, q, n in self.steps)

    def cost(self, delta: float) -> float:
        """ε at δ: from the steps where they are known, else as the run's accountant said."""
        if self.steps:
            return accounting.subsampled_gaussian(self.credited, delta)
        return self.epsilon or 0.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What a dataset may spend in all, for which unit, and from which share on to warn."""

    dataset_id: str
    epsilon: float
    delta: float
    unit: str
    adjacency: str = "add_remove"
    alert_at: float = 0.8

    def __post_init__(self) -> None:
        if not (math.isfinite(self.epsilon) and self.epsilon > 0 and 0 <= self.delta < 1):
            raise BadInput("A budget needs epsilon above 0 and 0 <= delta < 1.", field="epsilon")
        if self.adjacency not in get_args(Adjacency) or not self.unit.strip():
            known = ", ".join(get_args(Adjacency))
            raise BadInput("A budget names its unit and adjacency.", f"Known: {known}.", field="adjacency")  # fmt: skip
        if not 0 < self.alert_at <= 1:
            raise BadInput("The alert is a share of the budget above 0.", field="alert_at")


@dataclass(frozen=True, slots=True)
class Standing:
    """Spent and left at the budget's δ, and how the figure came about."""

    budget: Budget
    runs: int
    spent: float
    spent_delta: float
    method: str
    notes: tuple[str, ...] = field(default=())

    @property
    def left(self) -> float:
        """What remains, never below 0."""
        return max(0.0, self.budget.epsilon - self.spent)

    @property
    def state(self) -> Literal["within", "alert", "overspent"]:
        """``overspent`` above ε or δ, ``alert`` from the agreed share on."""
        if self.spent > self.budget.epsilon or self.spent_delta > self.budget.delta * (1 + 1e-9):
            return "overspent"
        return "alert" if self.spent >= self.budget.alert_at * self.budget.epsilon else "within"

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        budget = self.budget
        return {
            "dataset": budget.dataset_id, "unit": budget.unit, "adjacency": budget.adjacency,
            "epsilon": budget.epsilon, "delta": budget.delta, "spent": self.spent,
            "spent_delta": self.spent_delta, "left": self.left, "state": self.state,
            "runs": self.runs, "composition": self.method, "notes": list(self.notes),
        }  # fmt: skip


def stand(budget: Budget, runs: Sequence[Run]) -> Standing:
    """Compose the runs; each has to speak of the budget's unit and adjacency."""
    for run in runs:
        check_addable(budget, run)
    if not runs:
        return Standing(budget, 0, 0.0, 0.0, "nothing spent")
    known = [run for run in runs if run.steps]
    other = [run for run in runs if not run.steps]
    other_delta = math.fsum(run.delta for run in other)
    left = budget.delta - other_delta
    spent, used = accounting.basic(run.epsilon or 0.0 for run in other), other_delta
    if known:
        share = left if left > 0 else min(run.delta for run in known)
        spent += accounting.subsampled_gaussian([s for run in known for s in run.credited], share)
        used += share
    method = "Rényi orders over all steps" if not other else "Rényi orders, then sums of epsilon and delta" if known else "sums of epsilon and delta"  # fmt: skip
    return Standing(budget, len(runs), spent, used, method, _notes(runs))


def check_addable(budget: Budget, run: Run) -> None:
    """Refuse a run whose ε means something else."""
    for name in ("unit", "adjacency"):
        theirs, ours = getattr(run, name), getattr(budget, name)
        if theirs != ours:
            raise BadInput(
                f"An epsilon per {theirs} cannot be added to a budget per {ours}.",
                "State the guarantee for the same unit and adjacency, or keep a budget of its own.",
                field=name,
            )


def _notes(runs: Sequence[Run]) -> tuple[str, ...]:
    notes = []
    if any(run.sampling != "poisson" and run.steps for run in runs):
        notes.append("Batches that were not Poisson samples get no credit for subsampling.")
    if any(
        run.steps and run.epsilon is not None and run.epsilon < run.cost(run.delta) * 0.85
        for run in runs
    ):
        notes.append(
            "A run reports a much smaller epsilon than its noise and steps give; look at its accountant."
        )
    if any(run.accountant.lower() == "gdp" for run in runs):
        notes.append("The GDP accountant is an approximation and no upper bound.")
    return tuple(notes)  # fmt: skip


def _check(run: Run) -> None:
    if run.adjacency not in get_args(Adjacency) or run.sampling not in get_args(Sampling):
        known = ", ".join((*get_args(Adjacency), *get_args(Sampling)))
        raise BadInput("This adjacency or sampling is not known.", f"Known: {known}.", field="adjacency")  # fmt: skip
    if not 0 <= run.delta < 1 or (run.steps and run.delta == 0):
        raise BadInput("delta lies between 0 and 1, and above 0 for Gaussian noise.", field="delta")
    if run.epsilon is None and not run.steps:
        raise BadInput("A run needs its epsilon, or its noise, rate and steps.", field="epsilon")
    if run.epsilon is not None and not (math.isfinite(run.epsilon) and run.epsilon >= 0):
        raise BadInput("epsilon has to be a number that is not negative.", field="epsilon")
    if not run.unit.strip() or not run.label.strip():
        raise BadInput("A run needs a label and the unit that it protects.", field="unit")
    if any(not (s > 0 and 0 <= q <= 1 and n >= 1) for s, q, n in run.steps):
        raise BadInput("Steps are noise above 0, a rate up to 1, and a count.", field="steps")
