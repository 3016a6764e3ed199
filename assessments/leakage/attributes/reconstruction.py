"""Feature reconstruction: how near a rebuilt record comes, beyond guessing without the release.

Original and reconstruction hold the same people in the same order, or share a key. A value counts
as rebuilt within a tolerance in interquartile ranges of its column (absolute, never relative). The
comparator is a third table rebuilt without the release (imputation) or else each column's median.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assessments.errors import BadInput
from assessments.leakage.attributes.comparison import (
    Hits,
    Paired,
    compare,
    exchange_check,
    plant,
    power_check,
    severity,
)
from assessments.leakage.measurement import Check, Estimate, Measurement, Table, stamped
from assessments.leakage.relation import Data, Relation, open_relations

VERSION = "1"
TOLERANCE = 0.1
FEWEST = 100
PLANTED = 0.1
ASSUMPTIONS = (
    "The attacker rebuilt the records with what the tables say they had, and with nothing else.",
    "Rows of all tables are the same people; a wrong pairing hides every leak.",
    "It does not show what another reconstruction would reach.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """A key that pairs the rows (their order, if none), the tolerance and the seed."""

    key: str | None = None
    tolerance: float = TOLERANCE
    confidence: float = 0.95
    seed: int = 0


def evaluate(
    original: Data, rebuilt: Data, imputed: Data | None = None, options: Options | None = None
) -> Measurement:
    """Values within the tolerance beyond imputation, per column; the worst column is the severity."""
    options = options or Options()
    started = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    tables = [original, rebuilt, *([] if imputed is None else [imputed])]
    with open_relations(*tables, ordered=True) as relations:
        frames = _paired(relations, options)
        inputs = tuple(each.source(each.rows()) for each in relations)
    found = _measurement(frames, options, rng)
    return stamped(replace(found, inputs=inputs), started)


def _paired(relations: Sequence[Relation], options: Options) -> list[pd.DataFrame]:
    first = relations[0]
    shared = [c.name for c in first.columns if c.is_numeric and c.name != options.key
              and all(any(o.name == c.name and o.is_numeric for o in r.columns) for r in relations)]  # fmt: skip
    if not shared:
        raise BadInput("The tables share no numeric column.", where={"file": first.path})
    frames = []
    for relation in relations:
        picked = relation.pick([*([options.key] if options.key else []), *shared])
        frame = relation.connection.execute(f"select {', '.join(c.sql for c in picked)} from {relation.view}").df()  # fmt: skip
        frame.columns = pd.Index([c.name for c in picked])
        if options.key:
            if frame[options.key].duplicated().any():
                raise BadInput("The key is not unique.", where={"file": relation.path, "column": options.key})  # fmt: skip
            frame = frame.set_index(options.key)
        frames.append(frame)
    common = frames[0].index
    for relation, frame in zip(relations, frames, strict=True):
        if len(frame) != len(frames[0]) and not options.key:
            raise BadInput("The tables have different numbers of rows.", "Name the key that pairs them.", where={"file": relation.path})  # fmt: skip
        common = common.intersection(frame.index)
    if len(common) < FEWEST:
        raise BadInput(f"{len(common)} paired rows are too few.", f"At least {FEWEST} are needed.", where={"file": first.path})  # fmt: skip
    return [frame.loc[common] for frame in frames]


def _hits(frames: Sequence[pd.DataFrame], name: str, tolerance: float) -> tuple[Hits, Hits] | None:
    truth = frames[0][name].to_numpy(float)
    known = ~np.isnan(truth)
    low, middle, high = np.percentile(truth[known], [25, 50, 75]) if known.any() else (0, 0, 0)
    if high <= low:
        return None
    guess = frames[2][name].to_numpy(float) if len(frames) > 2 else np.full(len(truth), middle)
    width = tolerance * (high - low)
    rebuilt = np.abs(frames[1][name].to_numpy(float) - truth) <= width
    return rebuilt[known], (np.abs(guess - truth) <= width)[known]


def _gain_in_r2(frames: Sequence[pd.DataFrame], name: str) -> float:
    truth = frames[0][name]
    against = frames[2][name] if len(frames) > 2 else truth.median()
    spread = float(((truth - truth.mean()) ** 2).sum())
    return float(((truth - against) ** 2).sum() - ((truth - frames[1][name]) ** 2).sum()) / spread


def _measurement(
    frames: Sequence[pd.DataFrame], options: Options, rng: np.random.Generator
) -> Measurement:
    hits = {name: _hits(frames, name, options.tolerance) for name in frames[0].columns}
    usable = {name: pair for name, pair in hits.items() if pair is not None}
    if not usable:
        raise BadInput("No shared column varies enough to be rebuilt.")
    confidence = 1 - (1 - options.confidence) / len(usable)
    gains = {name: compare(*pair, confidence, rng) for name, pair in usable.items()}
    worst = max(gains, key=lambda name: severity(gains[name])[0])
    power, null = _checks(usable[worst], options, rng)
    proven = power.verdict == null.verdict == "passed"
    flat = [name for name, pair in hits.items() if pair is None]
    best = gains[worst]
    return Measurement(
        channel="attribute", method="reconstruction minus imputation", method_version=VERSION,
        value=best.difference.value, ci_low=best.difference.low, ci_high=best.difference.high,
        confidence=options.confidence, n=best.n, baseline=best.comparator,
        baseline_kind="imputation" if len(frames) > 2 else "median of the column",
        severity=severity(best)[0], severity_high=max(severity(each)[1] for each in gains.values()),
        extent=max(0.0, best.difference.low or 0.0), status="measured" if proven else "inconclusive",
        power_check=power, null_check=null,
        results={"reconstruction": best.difference} | {f"r2_gain_{n}": Estimate(_gain_in_r2(frames, n), None, None) for n in usable},
        assumptions=ASSUMPTIONS, seed=options.seed, params={"tolerance": options.tolerance, "key": options.key},
        caveats=tuple(_notes(flat, len(frames))), tables={"columns": _table(gains)},
    )  # fmt: skip


def _notes(flat: Sequence[str], tables: int) -> list[str]:
    notes = [f"Too even to judge: {', '.join(flat)}."] if flat else []
    if tables == 2:
        notes.append("No imputation was given: a gain over the median may be knowledge of the population.")  # fmt: skip
    return notes


def _table(gains: dict[str, Paired]) -> Table:
    return tuple(
        {"column": name, "rebuilt": each.attack, "imputed": each.comparator, "gain": each.difference.value,
         "low": each.difference.low, "high": each.difference.high, "severity": severity(each)[0]}
        for name, each in gains.items()
    )  # fmt: skip


def _checks(
    pair: tuple[Hits, Hits], options: Options, rng: np.random.Generator
) -> tuple[Check, Check]:
    """A tenth of the values given away is found; guesses exchanged by a coin are not."""
    rebuilt, imputed = pair
    planted = plant(imputed, PLANTED, rng)
    return (
        power_check(planted, imputed, options.confidence, rng, "planted values"),
        exchange_check(rebuilt, imputed, options.confidence, rng, "exchanges"),
    )
