"""A lower bound on ε from one training run (Steinke, Nasr & Jagielski 2023, Theorem 5.2).

Canaries are put into the training data or left out by fair coins. An auditor who sees only the model
guesses some of the coins and abstains on the rest. Under (ε, δ)-differential privacy the number of
right guesses is bounded in distribution, so many right guesses refute every smaller ε.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from assessments.errors import BadInput
from assessments.leakage.measurement import Check, Estimate, Measurement, Source, stamped
from assessments.leakage.membership.canaries import FEWEST
from assessments.leakage.membership.reading import Columns, Given, read_sheet
from assessments.leakage.membership.signals import Bools, Floats, Transform, checked, mask
from assessments.leakage.rates import clopper_pearson

VERSION = "1"
SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)
LARGEST = 50.0
REDRAWN = 20
UNFAIR = 1e-4
ASSUMPTIONS = (
    "Every canary was included by its own fair coin, drawn before training and unknown to the auditor.",
    "Canaries other than these leave the training as it was; interference between them only weakens the bound.",
    "It is a lower bound from one training run: it can refute an accounted epsilon, never confirm it.",
)


def p_value(epsilon: float, canaries: int, guesses: int, right: int, delta: float) -> float:
    """P[Bin(r, e^ε/(1+e^ε)) ≥ v] + 2mδ · max_i P[v − i ≤ Bin < v]/i: how likely so many right guesses are."""
    q = 1 / (1 + math.exp(-epsilon))
    tail = float(stats.binom.sf(right - 1, guesses, q))
    if right == 0 or delta == 0:
        return min(1.0, tail)
    steps = np.arange(1, right + 1)
    below = np.cumsum(stats.binom.pmf(right - steps, guesses, q))
    return min(1.0, tail + 2 * canaries * delta * float((below / steps).max()))


def epsilon_lower_bound(
    canaries: int, guesses: int, right: int, delta: float = 0.0, confidence: float = 0.95
) -> float:
    """The largest ε that so many right guesses refute at this confidence (0 when they refute none)."""
    if not 0 <= right <= guesses <= canaries or guesses == 0:
        raise BadInput("Right guesses, guesses and canaries have to be in this order of size.")
    if not 0 <= delta < 1:
        raise BadInput("Delta lies between 0 and 1.", field="delta")
    error = 1 - confidence

    def excess(epsilon: float) -> float:
        return p_value(epsilon, canaries, guesses, right, delta) - error

    if excess(0.0) >= 0:
        return 0.0
    if excess(LARGEST) < 0:
        return LARGEST
    return float(optimize.brentq(excess, 0.0, LARGEST, xtol=1e-10))


def audit(
    signals: object, included: object, transform: Transform, *, delta: float,
    accounted_epsilon: float | None = None, guesses: int | None = None, confidence: float = 0.95,
    seed: int = 0, sources: tuple[Source, ...] = (),
) -> Measurement:  # fmt: skip
    """Bound ε from the target's signals on its canaries, and hold it against the accounted ε.

    Without ``guesses``, five numbers of guesses are tried, each at a corrected confidence.
    """
    started = time.perf_counter()
    scores, coins = _checked(signals, included, transform)
    rng = np.random.default_rng(seed)
    order = _order(-scores if transform == "loss" else scores, rng)
    tried = _tried(len(coins), guesses)
    strict = 1 - (1 - confidence) / len(tried)
    outcomes = [(r, _right(order, coins, r)) for r in tried]
    bounds = [epsilon_lower_bound(len(coins), r, v, delta, strict) for r, v in outcomes]
    best = int(np.argmax(bounds))
    checks = _checks(order, tried, len(coins), delta, strict, rng)
    found = _measurement(
        outcomes[best], bounds[best], len(coins), checks, accounted_epsilon, confidence
    )
    params = {
        "delta": delta, "guesses": list(tried), "transform": transform, "accounted_epsilon": accounted_epsilon
    }  # fmt: skip
    return stamped(replace(found, params=params, seed=seed, inputs=sources), started)


def audit_file(
    scores: Given, columns: Columns | None = None, *, delta: float, accounted_epsilon: float | None = None,
    guesses: int | None = None, confidence: float = 0.95, seed: int = 0,
) -> Measurement:  # fmt: skip
    """The audit of a file with one signal and one coin (``member``) a canary."""
    sheet = read_sheet(scores, columns or Columns(), references=False)
    if sheet.members is None:
        raise BadInput(
            "No column says how the coins fell.", "It is called member.", where={"file": sheet.path}
        )
    return audit(
        sheet.signals[:, 0], sheet.members[:, 0], cast(Transform, sheet.transform), delta=delta,
        accounted_epsilon=accounted_epsilon, guesses=guesses, confidence=confidence, seed=seed,
        sources=(sheet.source,),
    )  # fmt: skip


def _checked(signals: object, included: object, transform: Transform) -> tuple[Floats, Bools]:
    scores, coins = checked(signals, transform, "signals"), mask(included, "included")
    if scores.ndim != 1 or scores.shape != coins.shape:
        raise BadInput(
            "Every canary needs one signal and one coin.", f"{scores.shape} and {coins.shape}."
        )
    if len(coins) < FEWEST:
        raise BadInput(f"{len(coins)} canaries are too few; at least {FEWEST} are needed.")
    if stats.binomtest(int(coins.sum()), len(coins)).pvalue < UNFAIR:
        raise BadInput(
            f"{int(coins.sum())} of {len(coins)} canaries are in the training data: these were no fair coins.",
            "The bound holds only for canaries that were included by independent fair coins.",
        )
    return scores, coins


def _order(scores: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """Positions from the likeliest member down; ties fall by lot, never by the coins."""
    return np.lexsort((rng.random(len(scores)), -scores))


def _tried(canaries: int, guesses: int | None) -> tuple[int, ...]:
    if guesses is not None:
        if not 1 <= guesses <= canaries:
            raise BadInput(f"Between 1 and {canaries} coins can be guessed.", field="guesses")
        return (guesses,)
    return tuple(sorted({max(10, round(share * canaries)) for share in SHARES}))


def _right(order: NDArray[np.intp], coins: Bools, guesses: int) -> int:
    """Guess "in" for the highest scores and "out" for the lowest."""
    high, low = (guesses + 1) // 2, guesses // 2
    return int(coins[order[:high]].sum() + (~coins[order[len(order) - low :]]).sum())


def _checks(
    order: NDArray[np.intp], tried: tuple[int, ...], canaries: int, delta: float, strict: float, rng: np.random.Generator
) -> tuple[Check, Check]:  # fmt: skip
    planted = max(epsilon_lower_bound(canaries, r, r, delta, strict) for r in tried)
    power = Check(
        "passed" if planted > 0 else "failed", "every guess right", math.tanh(planted / 2)
    )
    alarms = 0
    for _ in range(REDRAWN):
        coins = rng.random(canaries) < 0.5
        alarms += any(
            p_value(0.0, canaries, r, _right(order, coins, r), delta) < 1 - strict for r in tried
        )
    allowed = int(stats.binom.ppf(0.99, REDRAWN, 0.05))
    detail = f"{alarms} of {REDRAWN} redrawn sets of coins gave a bound above 0, at most {allowed} are luck"
    return power, Check("passed" if alarms <= allowed else "failed", detail, alarms / REDRAWN)


def _measurement(
    outcome: tuple[int, int], bound: float, canaries: int, checks: tuple[Check, Check],
    accounted: float | None, confidence: float,
) -> Measurement:  # fmt: skip
    guesses, right = outcome
    share = clopper_pearson(right, guesses, confidence)
    proven = all(check.verdict == "passed" for check in checks)
    high = max(0.0, 2 * (share.high or 1.0) - 1)
    return Measurement(
        channel="membership_audit", method="one-run audit with randomised canaries (Steinke 2023)",
        method_version=VERSION, value=bound, ci_low=bound, ci_high=None, confidence=confidence,
        n=canaries, baseline=accounted, baseline_kind="the accounted epsilon",
        severity=math.tanh(bound / 2), severity_high=max(math.tanh(bound / 2), high),
        extent=max(0.0, (2 * right - guesses) / canaries), status="measured" if proven else "inconclusive",
        power_check=checks[0], null_check=checks[1], assumptions=ASSUMPTIONS,
        results=_results(outcome, share, bound, canaries, accounted), caveats=_flags(bound, accounted),
    )  # fmt: skip


def _results(
    outcome: tuple[int, int], share: Estimate, bound: float, canaries: int, accounted: float | None
) -> dict[str, Estimate]:
    guesses, right = outcome
    results = {
        "epsilon_lower_bound": Estimate(bound, bound, None),
        "guesses": Estimate.exact(guesses),
        "right_guesses": Estimate.exact(right),
        "guess_accuracy": share,
        "canaries": Estimate.exact(canaries),
    }
    if accounted is None:
        return results
    return results | {
        "accounted_epsilon": Estimate.exact(accounted),
        "exceeds_accounted_epsilon": Estimate.exact(float(bound > accounted)),
    }


def _flags(bound: float, accounted: float | None) -> tuple[str, ...]:
    if accounted is None:
        return ("No accounted epsilon was given to hold the bound against.",)
    if bound <= accounted:
        return ()
    return (
        f"Red flag: epsilon is at least {bound:.3f}, above the accounted {accounted:.3f}. "
        "The accounting or the implementation of the mechanism is wrong.",
    )
