"""Leakage results over time. Severity comes from the lower bound of each measurement.

Membership: tanh(ln(rate_low / false_positive_high) / 2), Clopper-Pearson bounds at a false positive rate
of 1 %. Re-identification: (1/k - 1/N) / (1 - 1/N). Other channels: the lower bound of the excess over
the best comparator, cut at zero.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from scipy.stats import beta

from sample_data.generate.authored import Row
from sample_data.generate.dates import AS_OF
from sample_data.generate.problems import OVEREXPOSED_DATASET, OVEREXPOSED_MODEL

SAMPLES = 10_000
ROUNDS = [
    date(2025, 11, 12),
    date(2026, 2, 11),
    date(2026, 4, 15),
    date(2026, 6, 10),
    date(2026, 8, 12),
    date(2026, 9, 23),
    date(2026, 11, 11),
]
METHODS = {
    "membership": ("tpr_at_fpr_0.01", "lira-online-256", "1.2"),
    "attribute": ("advantage_over_imputation", "sensitive-value-ranking", "1.0"),
    "memorisation": ("extraction_rate", "prefix-probing", "0.9"),
    "reidentification": ("prosecutor_risk", "equivalence-classes", "1.4"),
    "linkage": ("linkability", "shared-attributes-join", "1.1"),
    "synthetic": ("singling_out", "residual-singling-out", "2.0"),
    "text": ("direct_identifiers", "column-scan", "1.3"),
}
# Text models memorise passages; these are probed for it.
TEXT_MODELS = {"m-replies-2", "m-subject-3", "m-topics-3", "m-mask-2", "m-notice-2"}
SENSITIVE_MODELS = {"m-triage-2", "m-redflag-1", "m-devices-1"}
# Model -> measuring round from which its first, too high results are replaced by better ones.
IMPROVED = {"m-arrears-4": 5, "m-coach-4": 4, "m-fraud-7": 5, "m-triage-2": 3, "m-premium-1": 6}
# Dataset -> channel and the smallest class (k) or the excess that was found, clean ones below 5.
DATASETS: dict[str, tuple[str, float]] = {
    "d-churn-features": ("reidentification", 28),
    "d-premium-features": ("reidentification", 24),
    "d-triage-train": ("reidentification", 31),
    "d-turnover": ("reidentification", 23),
    "d-trip-ends": ("linkage", 0.031),
    "d-parking-2023": ("reidentification", 3),
    "d-panel-2025": ("linkage", 0.024),
    "d-disaggregated": ("linkage", 0.041),
    "d-customers-synth": ("synthetic", 0.022),
    "d-trips-synth": ("synthetic", 0.014),
    "d-triage-synth": ("synthetic", 0.037),
    "d-transcripts": ("text", 0.018),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Value with its 95 % interval, and the severity of its lower bound."""

    value: float
    low: float
    high: float
    severity: float
    extent: float
    n: int


def interval(hits: int, n: int) -> tuple[float, float]:
    """Clopper-Pearson interval at 95 %."""
    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    return low, high


def membership(hits: int) -> Measured:
    """True positive rate at a false positive rate of 1 %."""
    low, high = interval(hits, SAMPLES)
    false_high = interval(SAMPLES // 100, SAMPLES)[1]
    severity = max(0.0, math.tanh(math.log(low / false_high) / 2))
    return _measured(hits / SAMPLES, low, high, severity, hits / SAMPLES, SAMPLES)


def excess(value: float, n: int = 2_000) -> Measured:
    """Success beyond the best comparator."""
    low, high = interval(round(value * n), n)
    return _measured(value, low, high, low, value, n)


def smallest_class(k: float, n: int) -> Measured:
    """Prosecutor risk of the smallest equivalence class; a count, so the interval is a point."""
    risk = 1 / k
    return _measured(risk, risk, risk, (risk - 1 / n) / (1 - 1 / n), k / n, n)


def _measured(
    value: float, low: float, high: float, severity: float, extent: float, n: int
) -> Measured:
    return Measured(
        round(value, 6), round(low, 6), round(high, 6), round(severity, 6), round(extent, 6), n
    )


def build_leakage(models: list[Row], rng: Random) -> list[Row]:
    """Results of every measuring round, oldest first."""
    found = [*_of_models(models, rng), *_of_datasets(rng), *_invalid()]
    found.sort(key=lambda item: (item[0], item[1], item[2]))
    return [_row(number, *item) for number, item in enumerate(found, start=1)]


Found = tuple[date, str, str, Measured, str]


def _of_models(models: list[Row], rng: Random) -> Iterator[Found]:
    for model in models:
        if model["status"] == "retired":
            continue
        name, trained = model["model_id"], date.fromisoformat(model["trained_on"])
        rounds = [day for day in ROUNDS if day >= trained]
        for index, day in enumerate(ROUNDS):
            if day not in rounds[-5:]:
                continue
            yield day, name, "membership", membership(_hits(name, index, rng)), "valid"
            if name in SENSITIVE_MODELS or model["kind"] == "gradient boosting":
                yield day, name, "attribute", excess(rng.randrange(4, 40) / 1000), "valid"
            if name in TEXT_MODELS:
                yield day, name, "memorisation", excess(rng.randrange(1, 22) / 1000), "valid"


def _hits(name: str, index: int, rng: Random) -> int:
    calm = rng.randrange(96, 146 if name in SENSITIVE_MODELS else 164)
    if name == OVEREXPOSED_MODEL:
        return 331 if ROUNDS[index] > date(2026, 10, 1) else 288
    if index < IMPROVED.get(name, 0):
        return 262 + 4 * (len(name) % 5) - 16 * index
    return calm


def _of_datasets(rng: Random) -> Iterator[Found]:
    for name, (channel, found) in DATASETS.items():
        for index, day in enumerate(ROUNDS[1:]):
            if channel == "reidentification":
                k = found if name == OVEREXPOSED_DATASET else found + rng.randrange(0, 4)
                yield day, name, channel, smallest_class(k, 24_000), "valid"
            else:
                earlier = 0.06 * (1 - index / 3) if name == "d-customers-synth" else 0.0
                drift = max(0.0, earlier) + rng.uniform(-0.004, 0.004)
                yield day, name, channel, excess(round(found + drift, 4)), "valid"


def _invalid() -> Iterator[Found]:
    """Two runs whose control failed; they prove nothing and must not count."""
    yield date(2026, 11, 12), "m-load-11", "membership", membership(2_900), "invalid"
    yield date(2026, 10, 7), "d-trips-synth", "synthetic", excess(0.41), "invalid"


def _row(
    number: int, day: date, subject: str, channel: str, measured: Measured, status: str
) -> Row:
    if day > AS_OF:
        raise ValueError(f"{subject} measured after the as-of day")
    measure, method, version = METHODS[channel]
    return {
        "result_id": f"lr-{number:04d}",
        "subject_kind": "dataset" if subject.startswith("d-") else "model",
        "subject_id": subject,
        "channel": channel,
        "measure": measure,
        "method": method,
        "method_version": version,
        "value": measured.value,
        "low": measured.low,
        "high": measured.high,
        "confidence": 0.95,
        "n": measured.n,
        "severity": measured.severity,
        "extent": measured.extent,
        "power_check": "passed",
        "null_check": "passed" if status == "valid" else "failed",
        "measured_on": day,
        "data_sha256": hashlib.sha256(f"data {subject} {day}".encode()).hexdigest(),
        "code_sha256": hashlib.sha256(f"code {method} {version}".encode()).hexdigest(),
        "status": status,
    }
