"""How far a sensitive attribute can be read back from features, embeddings or explanations.

A probe is cross-fitted: each record is judged by models that never saw it. Its comparator is the
majority value of the other folds and, where plain attributes are known anyway, the same probe on
those alone. What remains is what the representation adds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assessments.errors import BadInput
from assessments.leakage.attributes.comparison import (
    Hits,
    compare,
    null_check,
    power_check,
    severity,
)
from assessments.leakage.measurement import Check, Estimate, Measurement, stamped
from assessments.leakage.rates import wilson_interval
from assessments.leakage.relation import Column, Data, Relation, open_relations

VERSION = "1"
FOLDS = 5
FEWEST, FEWEST_OF_A_VALUE, MOST_VALUES, LARGEST = 200, 10, 30, 20_000
ASSUMPTIONS = (
    "The attacker holds the representation of a person and pairs of representation and attribute of others.",
    "Records are independent; several rows of one person would make the probe look too good.",
    "A stronger probe may read back more; this one is linear or a forest, whichever does better.",
)
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Options:
    """Columns of the representation (all numeric others, if none) and what is known anyway."""

    features: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    confidence: float = 0.95
    seed: int = 0


def evaluate(table: Data, sensitive: str, options: Options | None = None) -> Measurement:
    """Cross-fitted probe minus the best comparator, with the attribute planted and shuffled."""
    options = options or Options()
    started = time.perf_counter()
    rng = np.random.default_rng(options.seed)
    with open_relations(table, ordered=True) as (relation,):
        matrix, known, truth, notes = _read(relation, sensitive, options, rng)
        source = relation.source(relation.rows())
    measured = _measure(matrix, known, truth, options, rng)
    power, null = _power(matrix, truth, options, rng), _null(matrix, truth, options, rng)
    proven = power.verdict == null.verdict == "passed"
    found = replace(
        measured, inputs=(source,), power_check=power, null_check=null, caveats=tuple(notes),
        status="measured" if proven else "inconclusive",
        params={"sensitive": sensitive, "features": matrix.shape[1], "known": list(options.known)},
    )  # fmt: skip
    return stamped(found, started)


def _read(
    relation: Relation, sensitive: str, options: Options, rng: np.random.Generator
) -> tuple[Matrix, Matrix, NDArray[np.int64], list[str]]:
    secret, known = relation.column(sensitive), [relation.column(name) for name in options.known]
    if sensitive in (*options.features, *options.known):
        raise BadInput(
            "The attribute is among what the attacker holds.", where={"column": sensitive}
        )
    held = [c for c in relation.columns if c.is_numeric and c.name != sensitive and c not in known]
    features = list(relation.pick(options.features)) if options.features else held
    if not features or not all(column.is_numeric for column in features):
        raise BadInput(
            "A representation is numeric columns; name them.", where={"file": relation.path}
        )
    frame = _frame(relation, [secret, *features, *known])
    whole = frame.replace([np.inf, -np.inf], np.nan).dropna()
    notes = [f"{len(frame) - len(whole)} rows with missing or infinite values were left out."] if len(whole) < len(frame) else []  # fmt: skip
    if len(whole) > LARGEST:
        whole = whole.iloc[np.sort(rng.choice(len(whole), LARGEST, replace=False))]
        notes.append(f"A sample of {LARGEST} rows was measured.")
    truth = pd.factorize(whole[secret.sql].astype(str), sort=True)[0].astype(np.int64)
    _refuse(truth, relation, sensitive)
    plain = pd.get_dummies(whole[[c.sql for c in known]]).to_numpy(np.float64) if known else np.zeros((len(whole), 0))  # fmt: skip
    return whole[[c.sql for c in features]].to_numpy(np.float64), plain, truth, notes


def _frame(relation: Relation, columns: Sequence[Column]) -> pd.DataFrame:
    names = ", ".join(column.sql for column in columns)
    return relation.connection.execute(f"select {names} from {relation.view}").df()


def _refuse(truth: NDArray[np.int64], relation: Relation, sensitive: str) -> None:
    where = {"file": relation.path, "column": sensitive}
    if len(truth) < FEWEST:
        raise BadInput(f"{len(truth)} complete rows are too few to fit a probe.", f"At least {FEWEST} are needed.", where=where)  # fmt: skip
    counts = np.bincount(truth)
    if len(counts) < 2:
        raise BadInput(
            "The attribute has a single value; there is nothing to recover.", where=where
        )
    if len(counts) > MOST_VALUES or counts.min() < FEWEST_OF_A_VALUE:
        raise BadInput(
            "The attribute has values that are too rare to learn.",
            f"At most {MOST_VALUES} values, each in {FEWEST_OF_A_VALUE} rows or more; group rare ones.",
            where=where,
        )


def _measure(
    matrix: Matrix,
    known: Matrix,
    truth: NDArray[np.int64],
    options: Options,
    rng: np.random.Generator,
) -> Measurement:
    hits, majority = _probe(np.hstack([matrix, known]), truth, options.seed), _majority(truth, options.seed)  # fmt: skip
    plain = _probe(known, truth, options.seed) if known.shape[1] else majority
    better = plain.mean() > majority.mean()
    paired = compare(hits, plain if better else majority, options.confidence, rng)
    low, high = severity(paired)
    recalls = [float(hits[truth == value].mean()) for value in np.unique(truth)]
    n = len(truth)
    return Measurement(
        channel="attribute", method="cross-fitted probe of a representation", method_version=VERSION,
        value=paired.difference.value, ci_low=paired.difference.low, ci_high=paired.difference.high,
        confidence=options.confidence, n=n, baseline=paired.comparator,
        baseline_kind="the same probe on what is known anyway" if better else "majority value",
        severity=low, severity_high=high, extent=max(0.0, paired.difference.low or 0.0), status="measured",
        power_check=Check("not_run", ""), null_check=Check("not_run", ""),
        results={
            "recoverability": paired.difference,
            "probe_accuracy": wilson_interval(int(hits.sum()), n, options.confidence),
            "majority_accuracy": wilson_interval(int(majority.sum()), n, options.confidence),
            "balanced_accuracy": Estimate(float(np.mean(recalls)), None, None),
            "mcnemar_p": Estimate.exact(paired.p_value),
        },
        assumptions=ASSUMPTIONS, seed=options.seed,
    )  # fmt: skip


def _folds(
    truth: NDArray[np.int64], seed: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return list(split.split(np.zeros(len(truth)), truth))


def _probe(matrix: Matrix, truth: NDArray[np.int64], seed: int) -> Hits:
    """The better of a linear probe and a forest, chosen within each training part."""
    hits = np.zeros(len(truth), bool)
    for inside, outside in _folds(truth, seed):
        cut = np.random.default_rng(seed).permutation(inside)
        learn, choose = cut[len(cut) // 5 :], cut[: len(cut) // 5]
        models = [model.fit(matrix[learn], truth[learn]) for model in _models(seed)]
        best = max(models, key=lambda model: model.score(matrix[choose], truth[choose]))
        hits[outside] = best.predict(matrix[outside]) == truth[outside]
    return hits


def _models(seed: int) -> tuple[Any, ...]:
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, C=0.5))
    forest = RandomForestClassifier(30, min_samples_leaf=5, random_state=seed)
    return linear, forest


def _majority(truth: NDArray[np.int64], seed: int) -> Hits:
    hits = np.zeros(len(truth), bool)
    for inside, outside in _folds(truth, seed):
        hits[outside] = truth[outside] == np.bincount(truth[inside]).argmax()
    return hits


def _power(
    matrix: Matrix, truth: NDArray[np.int64], options: Options, rng: np.random.Generator
) -> Check:
    """The attribute itself is added to shuffled features, in noise of its own size."""
    planted = truth[:, None] + rng.normal(0, 0.5, (len(truth), 1))
    hits = _probe(np.hstack([rng.permutation(matrix)[:, :5], planted]), truth, options.seed)
    majority = _majority(truth, options.seed)
    return power_check(hits, majority, options.confidence, rng, "a planted attribute")


def _null(
    matrix: Matrix, truth: NDArray[np.int64], options: Options, rng: np.random.Generator
) -> Check:
    """Rows of the representation are shuffled against the attribute: nothing is left to read."""
    hits = _probe(rng.permutation(matrix), truth, options.seed)
    majority = _majority(truth, options.seed)
    return null_check(hits, majority, options.confidence, rng, "a shuffled representation")
