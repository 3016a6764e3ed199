"""The leakage score and the release gate.

Score = 100 × the worst channel's demonstrated severity (its lower confidence bound). No averages
and no weights: anonymisation fails on any one leg (WP216; EDPB Opinion 28/2024). Beside it stand
the channel that drives it, the share of people concerned, and the ceiling that a verified
differential-privacy accounting gives. Attacks show a floor, never "at most".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assessments.errors import BadInput
from assessments.leakage.measurement import Measurement
from assessments.leakage.policy import Policy, load

GateVerdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]
AUDIT = "membership_audit"
"""An audit can refute a guarantee, never confirm one: its upper end says nothing about a release."""
EXIT_CODES: dict[GateVerdict, int] = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


@dataclass(frozen=True, slots=True)
class Score:
    """``demonstrated`` is what attacks proved; ``bound`` what accounting guarantees (or nothing).

    ``demonstrated`` is absent while nothing was measured: grey, never 0.
    """

    demonstrated: float | None
    high: float | None
    bound: float | None
    band: str | None
    driver: str | None
    extent: float | None
    complete: bool
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps the gate from passing."""

    channel: str
    what: str
    sample_needed: int | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """The answer to "may this be released?" under a limit."""

    verdict: GateVerdict
    limit: float
    score: Score
    reasons: tuple[Reason, ...]

    @property
    def exit_code(self) -> int:
        """0 PASS, 1 FAIL, 3 INCONCLUSIVE."""
        return EXIT_CODES[self.verdict]

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def ceiling(epsilon: float, delta: float = 0.0) -> float:
    """The largest membership advantage under (ε, δ)-differential privacy, as a score.

    (e^ε − 1 + 2δ) / (e^ε + 1), written with tanh so that a large ε does not overflow.
    """
    if epsilon < 0 or not 0 <= delta < 1 or math.isnan(epsilon):
        raise BadInput("A privacy budget needs epsilon >= 0 and 0 <= delta < 1.", field="epsilon")
    return 100 * min(1.0, math.tanh(epsilon / 2) + 2 * delta / (1 + math.exp(min(epsilon, 700.0))))


def compose(
    measurements: Iterable[Measurement],
    *,
    required: Sequence[str] = (),
    bound: float | None = None,
    policy: Policy | None = None,
) -> Score:
    """The worst channel; incomplete while a required channel was not measured."""
    policy = policy or load()
    measured = [each for each in measurements if is_measured(each)]
    missing = tuple(sorted(set(required) - {each.channel for each in measured}))
    if not measured:
        return Score(None, None, bound, None, None, None, False, missing)
    worst = max(measured, key=lambda each: (each.severity or 0.0, each.extent or 0.0))
    demonstrated = 100 * (worst.severity or 0.0)
    open_ended = [each for each in measured if each.channel != AUDIT] or measured
    high = 100 * max(_high(each) for each in open_ended)
    return Score(
        demonstrated,
        high,
        bound,
        policy.band(demonstrated).name,
        worst.channel,
        worst.extent,
        not missing,
        missing,
    )


def gate(
    measurements: Iterable[Measurement],
    *,
    limit: float,
    required: Sequence[str] = (),
    bound: float | None = None,
    policy: Policy | None = None,
) -> GateResult:
    """FAIL above the limit or on a refuted epsilon; PASS only when every required channel is evidence
    and wholly below the limit."""
    every = list(measurements)
    score = compose(every, required=required, bound=bound, policy=policy)
    against = (
        *(_refuted(each) for each in every if refutes_accounting(each)),
        *(_above(each, limit) for each in every if is_measured(each) and 100 * (each.severity or 0) > limit),
    )  # fmt: skip
    if against:
        return GateResult("FAIL", limit, score, against)
    open_points = (*_missing(score), *_unproven(every, limit))
    return GateResult("INCONCLUSIVE" if open_points else "PASS", limit, score, open_points)


def is_measured(measurement: Measurement) -> bool:
    """Whether a channel produced a severity at all."""
    return measurement.status != "not_measured" and measurement.severity is not None


def is_evidence(measurement: Measurement) -> bool:
    """Whether the run proved itself: measured, planted leak found, null silent."""
    checks = (measurement.power_check.verdict, measurement.null_check.verdict)
    return measurement.status == "measured" and all(
        each in {"passed", "not_applicable"} for each in checks
    )


def refutes_accounting(measurement: Measurement) -> bool:
    """Whether an audit that proved itself found more than the accounted epsilon allows.

    Then the accounting or the mechanism is wrong, and no limit makes that acceptable.
    """
    flag = measurement.results.get("exceeds_accounted_epsilon")
    return flag is not None and flag.value == 1 and is_evidence(measurement)


def sample_needed(measurement: Measurement, limit: float) -> int | None:
    """How many rows would bring the upper bound under the limit, if the estimate stayed.

    Interval widths shrink with the square root of the sample size.
    """
    if measurement.severity is None or measurement.severity_high is None:
        return None
    return needed_for(measurement.severity, measurement.severity_high, measurement.n, limit)


def needed_for(low: float, high: float, n: int, limit: float) -> int | None:
    """The same from both ends of the severity and the sample size."""
    edge = limit / 100
    middle = (low + high) / 2 if low > 0 else low
    if middle >= edge or high <= middle or n == 0:
        return None
    return math.ceil(n * ((high - middle) / (edge - middle)) ** 2)


def _high(measurement: Measurement) -> float:
    return (
        measurement.severity or 0.0
        if measurement.severity_high is None
        else measurement.severity_high
    )


def _above(measurement: Measurement, limit: float) -> Reason:
    shown = 100 * (measurement.severity or 0)
    return Reason(measurement.channel, f"demonstrated {shown:.1f}, above the limit of {limit:g}")


def _refuted(measurement: Measurement) -> Reason:
    bound, accounted = measurement.value or 0.0, measurement.baseline or 0.0
    what = f"red flag: epsilon is at least {bound:.2f}, above the accounted {accounted:.2f}"
    return Reason(measurement.channel, what)


def _missing(score: Score) -> list[Reason]:
    if score.demonstrated is None and not score.missing:
        return [Reason("any", "nothing was measured")]
    return [Reason(channel, "required and not measured") for channel in score.missing]


def _unproven(measurements: Iterable[Measurement], limit: float) -> list[Reason]:
    reasons = []
    for each in measurements:
        if not is_measured(each):
            continue
        if not is_evidence(each):
            reasons.append(
                Reason(each.channel, "the run did not prove itself (power or null check)")
            )
        elif each.channel != AUDIT and 100 * _high(each) > limit:
            what = f"the upper bound {100 * _high(each):.1f} is above the limit of {limit:g}"
            reasons.append(Reason(each.channel, what, sample_needed(each, limit)))
    return reasons
