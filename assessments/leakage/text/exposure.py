"""Canary exposure from log-likelihoods (Carlini et al. 2019, section 4).

A canary that was trained on is ranked among references of the same form that were not. Exposure is
log2|R| − log2 rank over the whole space R; with a sample of references it is −log2 of the share
that is at least as likely, with its Clopper-Pearson interval, and beyond the sample by a skew-normal
fit (section 4.3), which is shown with its goodness of fit and decides nothing.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from assessments.errors import BadInput
from assessments.leakage.measurement import Check, Estimate, Measurement, Table, stamped
from assessments.leakage.rates import clopper_pearson
from assessments.leakage.relation import Data, Relation, open_relations

VERSION = "1"
FEWEST_REFERENCES, FEWEST_CANARIES = 200, 5
LEVELS = (0.1, 0.01, 0.001)
NULLS, ALARMS = 40, 5
ASSUMPTIONS = (
    "Canaries and references were drawn from the same space by the same coin; only canaries were trained on.",
    "The attacker sees the log-likelihood of any text that the form allows.",
    "It shows what happens to a text like the canary, repeated as often; real texts may fare better or worse.",
)
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Options:
    """The column of log-likelihoods (higher is likelier), the size of the space if known, the seed."""

    column: str = "log_likelihood"
    space: float | None = None
    confidence: float = 0.95
    seed: int = 0


def evaluate(canaries: Data, references: Data, options: Options | None = None) -> Measurement:
    """Exposure of each canary, and the lower bound on ε that all of them together prove."""
    options = options or Options()
    started = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    with open_relations(canaries, references, ordered=True) as relations:
        inserted, others = (_scores(each, options.column) for each in relations)
        _refuse(inserted, others, relations)
        inputs = tuple(each.source(each.rows()) for each in relations)
    found = _measurement(inserted, others, options, rng)
    return stamped(replace(found, inputs=inputs), started)


def exposures(canaries: Scores, references: Scores, confidence: float = 0.95) -> list[Estimate]:
    """−log2 of the share of references at least as likely; ties count against the canary's secrecy last."""
    n = len(references)
    found = []
    for score in canaries:
        above = int((references >= score).sum())
        share = clopper_pearson(above, n, confidence)
        value = math.log2(n + 1) - math.log2(above + 1)
        found.append(Estimate(value, _bits(share.high), _bits(share.low)))
    return found


def extrapolated(canaries: Scores, references: Scores) -> tuple[Scores, float]:
    """Exposure by a skew-normal fit to the references, and the p-value of the fit (Kolmogorov-Smirnov)."""
    fitted = stats.skewnorm.fit(references)
    p_value = float(stats.kstest(references, stats.skewnorm(*fitted).cdf).pvalue)
    return -stats.skewnorm(*fitted).logsf(canaries) / math.log(2), p_value


def lower_bound(canaries: Scores, references: Scores, confidence: float) -> tuple[float, float]:
    """ε with (rate of canaries)/(rate of references) ≥ e^ε, at thresholds from a half never judged with.

    Clopper-Pearson, Bonferroni over the levels; the second figure is the point estimate.
    """
    choose, judge = references[::2], references[1::2]
    level = 1 - (1 - confidence) / len(LEVELS)
    best, point = 0.0, 0.0
    for share in LEVELS:
        threshold = np.quantile(choose, 1 - share)
        hit = clopper_pearson(int((canaries > threshold).sum()), len(canaries), level)
        false = clopper_pearson(int((judge > threshold).sum()), len(judge), level)
        if (hit.low or 0) > 0 and (false.high or 0) > 0:
            best = max(best, math.log((hit.low or 1) / (false.high or 1)))
        if (hit.value or 0) > 0:
            point = max(point, math.log((hit.value or 1) / max(false.value or 0, 1 / len(judge))))
    return best, max(best, point)


def _bits(share: float | None) -> float | None:
    return None if not share else -math.log2(share)


def _scores(relation: Relation, column: str) -> Scores:
    picked = relation.column(column)
    if not picked.is_numeric:
        raise BadInput("Log-likelihoods are numbers.", where={"file": relation.path, "column": column})  # fmt: skip
    frame = relation.connection.execute(f"select {picked.sql} from {relation.view}").df()
    scores = frame.iloc[:, 0].to_numpy(np.float64)
    if not np.isfinite(scores).all():
        raise BadInput("Some log-likelihoods are missing, not numbers or infinite.", where={"file": relation.path, "column": column})  # fmt: skip
    return scores


def _refuse(canaries: Scores, references: Scores, relations: tuple[Relation, ...]) -> None:
    if len(canaries) < FEWEST_CANARIES or len(references) < FEWEST_REFERENCES:
        raise BadInput(
            f"{len(canaries)} canaries and {len(references)} references are too few.",
            f"At least {FEWEST_CANARIES} and {FEWEST_REFERENCES} are needed.",
        )
    if len(np.unique(references)) < 2:
        raise BadInput("All references have one likelihood.", where={"file": relations[1].path})
    if relations[0].sha256 == relations[1].sha256 or np.isin(canaries, references).mean() > 0.5:
        raise BadInput("The canaries are among the references.", "References must not have been trained on.")  # fmt: skip


def _measurement(
    canaries: Scores, references: Scores, options: Options, rng: np.random.Generator
) -> Measurement:
    references = rng.permutation(references)
    low, point = lower_bound(canaries, references, options.confidence)
    each = exposures(canaries, references, options.confidence)
    by_fit, fit = extrapolated(canaries, references)
    values = [one.value or 0.0 for one in each]
    worst = each[int(np.argmax(values))]
    power, null = _checks(canaries, references, options, rng)
    proven = power.verdict == null.verdict == "passed"
    bits = math.log2(len(references))
    rows: Table = tuple(
        {"canary": i, "exposure": one.value, "low": one.low, "high": one.high, "extrapolated": float(fitted)}
        for i, (one, fitted) in enumerate(zip(each, by_fit, strict=True))
    )  # fmt: skip
    return Measurement(
        channel="memorisation", method="canary exposure", method_version=VERSION,
        value=worst.value, ci_low=worst.low, ci_high=worst.high, confidence=options.confidence,
        n=len(canaries), baseline=1.0, baseline_kind="median exposure of a text that was not trained on, in bits",
        severity=math.tanh(low / 2), severity_high=max(math.tanh(low / 2), math.tanh(point / 2)) if low > 0 else _widest(len(canaries), point),
        extent=float(np.mean(canaries > np.quantile(references, 0.99))),
        status="measured" if proven else "inconclusive", power_check=power, null_check=null,
        results={
            "exposure": worst, "median_exposure": Estimate(float(np.median(values)), None, None),
            "epsilon_lower_bound": Estimate(point, low, None), "fit_p": Estimate.exact(fit),
        },
        assumptions=ASSUMPTIONS, params={"column": options.column, "space": options.space}, seed=options.seed,
        caveats=_notes(bits, fit, max(values), options), tables={"canaries": rows},
    )  # fmt: skip


def _widest(canaries: int, point: float) -> float:
    """Nothing shown: what so few canaries could still hide at the lowest level."""
    hidden = clopper_pearson(0, canaries).high or 1.0
    return max(math.tanh(point / 2), hidden)


def _notes(bits: float, fit: float, best: float, options: Options) -> tuple[str, ...]:
    notes = []
    if best >= bits - 1:
        notes.append(f"The references carry at most {bits:.1f} bits; higher exposure is extrapolated.")  # fmt: skip
    if fit < 0.05:
        notes.append("The skew-normal does not fit the references: leave the extrapolation aside.")
    if options.space and best >= math.log2(options.space):
        notes.append("A canary is at the top of its whole space: it can be extracted.")
    return tuple(notes)


def _checks(
    canaries: Scores, references: Scores, options: Options, rng: np.random.Generator
) -> tuple[Check, Check]:
    """As many planted scores far above the references are found; references posing as canaries are not."""
    n = min(len(canaries), len(references) // 4)
    planted = np.full(n, references.max() + references.std() + 1e-9)
    found = lower_bound(planted, references, options.confidence)[0]
    alarms = 0
    for _ in range(NULLS):
        mixed = rng.permutation(references)
        alarms += lower_bound(mixed[:n], mixed[n:], options.confidence)[0] > 0
    return (
        Check("passed" if found > 0 else "failed", f"planted canaries gave an epsilon of at least {found:.2f}", found),
        Check("passed" if alarms <= ALARMS else "failed", f"{alarms} of {NULLS} null runs raised an alarm", alarms / NULLS),
    )  # fmt: skip
