"""One-run audits: published points, an independent closed form, coverage, and the red flag."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from assessments.errors import BadInput
from assessments.leakage.membership import (
    audit,
    audit_file,
    epsilon_lower_bound,
    make_canaries,
)
from assessments.leakage.membership.one_run import _order, _right, _tried, p_value


@pytest.mark.parametrize(("guesses", "right"), [(100, 95), (1000, 600), (200, 200), (50, 40)])
def test_without_delta_the_bound_is_the_logit_of_the_exact_binomial_bound(
    guesses: int, right: int
) -> None:
    low = stats.beta.ppf(0.05, right, guesses - right + 1)
    found = epsilon_lower_bound(1000, guesses, right)
    assert found == pytest.approx(special.logit(low), abs=1e-8)


def test_the_p_value_equals_the_theorem_written_out() -> None:
    m, r, v, delta, epsilon = 60, 12, 10, 1e-3, 0.7
    q = math.exp(epsilon) / (1 + math.exp(epsilon))
    mass = [math.comb(r, k) * q**k * (1 - q) ** (r - k) for k in range(r + 1)]
    alpha = max(sum(mass[v - i : v]) / i for i in range(1, v + 1))
    assert p_value(epsilon, m, r, v, delta) == pytest.approx(sum(mass[v:]) + 2 * m * delta * alpha)


def test_the_bound_is_above_the_truth_in_at_most_one_run_of_twenty() -> None:
    """Coverage against a mechanism whose ε is exact: randomised response on every coin."""
    rng = np.random.default_rng(0)
    m = 400
    for epsilon in (0.5, 1.0, 2.0):
        rights = rng.binomial(m, math.exp(epsilon) / (1 + math.exp(epsilon)), 2000)
        bounds = {int(v): epsilon_lower_bound(m, m, int(v)) for v in np.unique(rights)}
        above = np.mean([bounds[int(v)] > epsilon for v in rights])
        assert above <= 0.065
        assert np.mean([bounds[int(v)] for v in rights]) > 0.6 * epsilon


def test_trying_several_numbers_of_guesses_stays_valid() -> None:
    """The best of the five bounds, as :func:`audit` takes it, against randomised response."""
    above, tried = 0, _tried(300, None)
    strict = 1 - 0.05 / len(tried)
    bound = cache(lambda r, v: epsilon_lower_bound(300, r, v, 0.0, strict))
    for seed in range(400):
        rng = np.random.default_rng(seed)
        coins = rng.random(300) < 0.5
        right = rng.random(300) < math.e / (1 + math.e)
        order = _order(np.where(right, coins, ~coins).astype(float), rng)
        above += max(bound(r, _right(order, coins, r)) for r in tried) > 1
    assert above <= 20


def test_a_leaky_model_is_caught_and_refutes_its_accounting() -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(1000) < 0.5
    signal = rng.normal(size=1000) + 4 * coins
    found = audit(signal, coins, "logit", delta=1e-5, accounted_epsilon=1.0)
    assert (found.value or 0) > 1.5
    assert found.results["exceeds_accounted_epsilon"].value == 1
    assert any(note.startswith("Red flag") for note in found.caveats)
    assert found.severity == pytest.approx(math.tanh((found.value or 0) / 2))
    assert (found.status, found.null_check.verdict) == ("measured", "passed")


def test_a_model_that_knows_no_coin_raises_no_flag() -> None:
    rng = np.random.default_rng(1)
    found = audit(
        rng.normal(size=1000), rng.random(1000) < 0.5, "logit", delta=1e-5, accounted_epsilon=1.0
    )
    assert found.value == 0
    assert found.caveats == ()
    assert found.results["exceeds_accounted_epsilon"].value == 0


def test_a_lower_loss_means_included() -> None:
    rng = np.random.default_rng(2)
    coins = rng.random(200) < 0.5
    assert (audit(np.where(coins, 0.1, 2.0), coins, "loss", delta=0).value or 0) > 2


def test_ties_fall_by_lot_not_by_the_coins() -> None:
    coins = np.random.default_rng(3).random(400) < 0.5
    assert audit(np.full(400, 0.5), np.sort(coins)[::-1], "probability", delta=0).value == 0


def test_coins_that_were_not_fair_are_refused() -> None:
    with pytest.raises(BadInput, match="no fair coins"):
        audit(np.zeros(200), np.arange(200) < 150, "logit", delta=0)


def test_canaries_are_mislabelled_and_left_out_by_their_coins() -> None:
    labels = np.array(["a", "b", "c"] * 100)
    x = pd.DataFrame({"row": np.arange(300)})
    canaries = make_canaries(labels, 120, seed=5)
    assert (canaries.labels != labels[canaries.positions]).all()
    assert 30 < canaries.included.sum() < 90
    kept, planted = canaries.plant(x, labels)
    assert len(kept) == len(planted) == 300 - (~canaries.included).sum()
    dropped = set(canaries.positions[~canaries.included])
    assert dropped.isdisjoint(kept["row"])
    changed = kept["row"].to_numpy()[planted != labels[kept["row"]]]
    assert set(changed) == set(canaries.positions[canaries.included])


def test_equal_seeds_make_equal_canaries_and_no_seed_makes_others() -> None:
    labels = np.arange(100) % 2
    first, second = make_canaries(labels, 50, 1), make_canaries(labels, 50, 1)
    assert (first.positions == second.positions).all()
    assert (first.included == second.included).all()
    assert (make_canaries(labels, 50).included != make_canaries(labels, 50).included).any()


def test_an_audit_reads_its_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    coins = rng.random(300) < 0.5
    path = tmp_path / "canaries.csv"
    pd.DataFrame({"loss": np.where(coins, 0.2, 1.5), "member": coins}).to_csv(path, index=False)
    found = audit_file(path, delta=1e-5)
    assert found.inputs[0].rows == 300
    assert (found.value or 0) > 2


@pytest.mark.parametrize("numbers", [(10, 20, 5), (20, 10, 11), (20, 0, 0)])
def test_impossible_counts_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(BadInput):
        epsilon_lower_bound(*numbers)
