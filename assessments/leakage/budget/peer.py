"""The extra ``dp``: ε by dp-accounting's RDP or PLD accountant, beside the light core.

A privacy-loss distribution is tighter than Rényi orders (Koskela, Jälkö & Honkela 2020); the package is
imported only here. The run keeps whose figure it is, and of which version.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import metadata
from typing import Any, Literal, get_args

from assessments.errors import BadInput
from assessments.leakage.budget.spending import Run, Step

Accountant = Literal["pld", "rdp"]


def recounted(run: Run, accountant: Accountant = "pld") -> Run:
    """The run with the ε that dp-accounting gives for its steps, and that accountant's name and version."""
    if not run.steps:
        raise BadInput("Only a run with its noise, rate and steps can be counted again.", field="steps")  # fmt: skip
    found = epsilon(run.credited, run.delta, accountant)
    return replace(run, epsilon=found, accountant=accountant, version=f"dp-accounting {version()}")


def epsilon(steps: tuple[Step, ...], delta: float, accountant: Accountant = "pld") -> float:
    """ε at δ of Poisson-subsampled Gaussian steps (σ, rate, count); add-or-remove-one adjacency."""
    if accountant not in get_args(Accountant):
        raise BadInput("This accountant is not known.", "Known: pld, rdp.", field="accountant")
    events, made = _package()
    counter = made[accountant]()
    for sigma, rate, count in steps:
        step = events.PoissonSampledDpEvent(rate, events.GaussianDpEvent(sigma))
        counter.compose(events.SelfComposedDpEvent(step, count))
    return float(counter.get_epsilon(delta))


def version() -> str:
    """The version of dp-accounting; BadInput where it is not installed."""
    _package()
    return metadata.version("dp-accounting")


def _package() -> tuple[Any, dict[str, Any]]:
    try:
        import dp_accounting  # type: ignore[import-not-found,unused-ignore]
        from dp_accounting.pld import PLDAccountant  # type: ignore[import-not-found,unused-ignore]
        from dp_accounting.rdp import RdpAccountant  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise BadInput(
            "dp-accounting is not installed here.",
            "Install privacy-workbench[dp], or count with Rényi orders, which need nothing.",
            field="accountant",
        ) from error
    return dp_accounting, {"pld": PLDAccountant, "rdp": RdpAccountant}
