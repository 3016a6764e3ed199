"""The score orders models as it should: real training, real attacks, our own accounting."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.tree import DecisionTreeClassifier

from assessments.leakage.measurement import Measurement
from assessments.leakage.membership import audit, evaluate, signals_of, train_references
from assessments.leakage.score import Score, ceiling, compose, gate
from tests.assessments.leakage.training import DELTA, PrivateLogistic

POOL = 6000


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measurement]:
    """One pool, half of it members, one attacker who trains eight references of each kind."""
    x, y = make_classification(POOL, 20, n_informative=8, flip_y=0.1, random_state=0)
    rng = np.random.default_rng(1)
    member = rng.permutation(POOL) < POOL // 2
    lots = rng.permutation(y)
    folder = tmp_path_factory.mktemp("references")
    ordinary = DecisionTreeClassifier(min_samples_leaf=50, random_state=0)

    def attack(name: str, model: Any, trained_on: Any, asked_with: Any) -> Measurement:
        references = train_references(model, x, asked_with, 8, 1, folder / name)
        fitted = model.fit(x[member], trained_on[member])
        return evaluate(signals_of(fitted, x, asked_with, member), references)

    return {
        "memorising": attack("memorising", DecisionTreeClassifier(random_state=0), y, y),
        "ordinary": attack("ordinary", ordinary, y, y),
        "random labels": attack("random", ordinary, lots, y),
        "random labels known": attack("known", ordinary, lots, lots),
        "private": attack("private", PrivateLogistic(), y, y),
    }


def score(attacked: dict[str, Measurement], name: str) -> Score:
    bound = ceiling(PrivateLogistic().epsilon, DELTA) if name == "private" else None
    return compose([attacked[name]], bound=bound)


def test_the_score_orders_memorising_ordinary_random_label_and_private_models(
    attacked: dict[str, Measurement],
) -> None:
    """Demonstrated first, then what is promised: silence without a promise may still be 100."""
    names = ["memorising", "ordinary", "random labels", "private"]
    ranks = [
        (found.demonstrated or 0.0, 100.0 if found.bound is None else found.bound)
        for found in (score(attacked, name) for name in names)
    ]
    assert all(one > other for one, other in pairwise(ranks)), ranks
    assert ranks[1][0] > 20
    assert ranks[2][0] == 0


def test_random_labels_hide_nothing_from_who_knows_them(attacked: dict[str, Measurement]) -> None:
    """Zhang et al. 2017: fitting random labels is memory alone, so their own signal gives it away."""
    known, ordinary = attacked["random labels known"], attacked["ordinary"]
    assert (known.ci_low or 0) > (ordinary.ci_high or 1)
    assert (known.severity or 0) > 0


def test_no_attack_on_the_private_model_beats_its_accounting(
    attacked: dict[str, Measurement],
) -> None:
    found = score(attacked, "private")
    assert found.bound is not None
    assert (found.demonstrated or 0) <= found.bound < 70
    assert attacked["private"].null_check.verdict == "passed"


def audited(model: PrivateLogistic) -> Measurement:
    """Every record is a canary with a feature of its own: the strongest one that clipping allows."""
    coins = np.random.default_rng(2).random(400) < 0.5
    x, y = np.eye(400), np.ones(400, int)
    y[1::2] = 0
    fitted = model.fit(x[coins], y[coins])
    signals = fitted.predict_proba(x)[np.arange(400), y]
    return audit(signals, coins, "probability", delta=DELTA, accounted_epsilon=model.epsilon)


def test_an_audit_refutes_training_that_forgot_its_noise_and_lets_honest_training_be() -> None:
    settings = {"noise": 3.0, "rate": 0.2, "steps": 30}
    honest = audited(PrivateLogistic(**settings))
    broken = audited(PrivateLogistic(**settings, forgets_noise=True))
    assert (honest.value or 0) <= PrivateLogistic(**settings).epsilon < (broken.value or 0)
    assert gate([honest], limit=100).verdict == "PASS"
    refused = gate([broken], limit=100)
    assert refused.verdict == "FAIL"
    assert "red flag" in refused.reasons[0].what


def test_a_small_bound_above_a_smaller_accounting_closes_the_gate_below_every_limit() -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(4000) < 0.5
    signal = rng.normal(size=4000) + 0.7 * coins
    found = audit(signal, coins, "logit", delta=1e-5, accounted_epsilon=0.05)
    assert (found.value or 0) > 0.05
    assert gate([found], limit=99).verdict == "FAIL"
    assert gate([audit(signal, coins, "logit", delta=1e-5)], limit=99).verdict == "PASS"


def test_an_audit_never_opens_nor_delays_a_gate_by_its_upper_end() -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(400) < 0.5
    silent = audit(rng.normal(size=400), coins, "logit", delta=1e-5, accounted_epsilon=1.0)
    assert (silent.severity, gate([silent], limit=5).verdict) == (0, "PASS")
    assert gate([silent], limit=5, required=["membership"]).verdict == "INCONCLUSIVE"
