"""Real signals of trained models, against figures that another program gave for them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assessments.leakage.membership import (
    Columns,
    Options,
    Signals,
    calibrated,
    epsilon_lower_bound,
    evaluate,
    from_arrays,
    lira_offline,
    lira_online,
    loss,
    measure,
    rmia,
)
from assessments.leakage.membership.operating import auc, roc

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "leakage"
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared sample files"),
]
ORACLES: dict[str, Any] = (
    json.loads((SHARED / "oracles.json").read_text()) if SHARED.is_dir() else {}
)
MODELS = ("rf", "lr")


@cache
def stored(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signals, memberships and population signals; column 0 is the target, its mirror column 1."""
    with np.load(SHARED / "mia" / f"mia_{name}.npz") as data:
        return data["sig"].astype(float), data["mem"], data["sz"].astype(float)


def signals(name: str, models: int = 32) -> Signals:
    sig, mem, _ = stored(name)
    columns = slice(2, 2 + models)
    return from_arrays(sig[:, 0], mem[:, 0], "probability", sig[:, columns], mem[:, columns])


def as_privacy_meter(name: str, pairs: int) -> Signals:
    """Of the 2m population signals, ML Privacy Meter averages the m largest; so do we here."""
    _, _, drawn = stored(name)
    largest = -np.sort(-drawn[:, 2 : 2 + 2 * pairs], axis=1)[:, :pairs]
    return replace(
        signals(name, 2 * pairs),
        population=drawn[:, 0],
        population_references=np.repeat(largest, 2, axis=1),
    )


def oracle(name: str, attack: str) -> dict[str, float]:
    figures: dict[str, float] = ORACLES["mia"]["stored_signals"][name][attack]
    return figures


def holds(scores: np.ndarray, name: str, attack: str, tolerance: float = 1e-12) -> None:
    """AUC within the tolerance; TPR, realised FPR and advantage to the last digit."""
    member, expected = stored(name)[1][:, 0], oracle(name, attack)
    assert auc(scores, member, 0.95).value == pytest.approx(expected["auc"], abs=tolerance)
    curve = roc(scores, member)
    found = [2 * curve.balanced_accuracy() - 1, curve.at(0).tpr]
    for fpr in (0.01, 0.001):
        found += [curve.at(fpr).tpr, curve.at(fpr).fpr]
    names = (
        "advantage",
        "tpr_fpr0",
        "tpr_fpr1pct",
        "realised_fpr1",
        "tpr_fpr01pct",
        "realised_fpr01",
    )
    assert found == pytest.approx([expected[each] for each in names], abs=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_loss_and_calibrated_difference_equal_the_oracle(name: str) -> None:
    holds(loss(signals(name)), name, "LOSS_attack_score_is_signal")
    holds(calibrated(signals(name)), name, "calibrated_difference")


@pytest.mark.parametrize("name", MODELS)
def test_lira_equals_the_oracle_within_the_rounding_of_saturated_probabilities(name: str) -> None:
    exact = 1e-12 if name == "lr" else 2.5e-5
    holds(lira_online(signals(name), "fixed"), name, "LiRA_online_global_sd", exact)
    holds(lira_offline(signals(name), "fixed"), name, "LiRA_offline_global_sd", exact)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("pairs", [1, 16])
@pytest.mark.parametrize("a", [0.0, 0.3, 1.0])
def test_rmia_by_ranks_equals_the_full_matrix_of_privacy_meter(
    name: str, pairs: int, a: float
) -> None:
    scores, attack = rmia(as_privacy_meter(name, pairs), a), f"RMIA_offline_ref{pairs}_a{a}"
    if name == "rf" and pairs == 1 and a == 1.0:
        found = auc(scores, stored(name)[1][:, 0], 0.95).value
        assert found == pytest.approx(oracle(name, attack)["auc"], abs=5e-5), "0/0, which is 0 here"
    else:
        holds(scores, name, attack)


def test_the_forest_leaks_and_the_logistic_model_does_not() -> None:
    options = Options(Columns(transform="probability"))
    forest, logistic = (evaluate(SHARED / "mia" / f"mia_{n}.npz", options=options) for n in MODELS)
    assert 0.6 < (forest.severity or 0) < 0.95
    assert logistic.severity == 0
    for found in (forest, logistic):
        assert (found.status, found.power_check.verdict, found.null_check.verdict) == (
            "measured",
            "passed",
            "passed",
        )
        assert any("goes with or against" in note for note in found.caveats)


def test_the_loss_attack_alone_would_have_missed_the_forest_at_low_fpr() -> None:
    whole = signals("rf")
    found = measure(from_arrays(whole.target, whole.member, "probability"))
    assert found.results["tpr_at_fpr_0.01"].value == 0


@pytest.mark.parametrize("mu", [0.5, 1, 2, 3])
def test_shifted_normals_hold_their_closed_forms(mu: float) -> None:
    expected = next(case for case in ORACLES["mia"]["gaussian_shift"] if case["mu"] == mu)
    member = np.arange(200_000) < 100_000
    scores = np.random.default_rng(0).normal(size=200_000) + mu * member
    assert auc(scores, member, 0.95).value == pytest.approx(expected["auc"], abs=0.004)
    curve = roc(scores, member)
    for fpr in (0.1, 0.01, 0.001):
        assert curve.at(fpr).tpr == pytest.approx(expected[f"tpr_{fpr}"], abs=0.03)


def test_one_run_bounds_equal_the_oracle() -> None:
    for case in ORACLES["one_run_audit_steinke"]:
        found = epsilon_lower_bound(case["m"], case["r"], case["v"], case["delta"], 1 - case["p"])
        assert found == pytest.approx(case["eps_lb"], abs=1e-5)
