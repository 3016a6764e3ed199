"""Attacks by their definitions, and operating points against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from assessments.errors import BadInput
from assessments.leakage.membership import (
    calibrated,
    from_arrays,
    lira_offline,
    lira_online,
    loss,
    rmia,
)
from assessments.leakage.membership.operating import auc, balanced_accuracy, roc, tpr_at
from assessments.leakage.membership.signals import Signals, logits, probabilities
from tests.assessments.leakage.membership.cases import shifted

MU_1 = {"auc": 0.7602499389065233, 0.1: 0.389143691645361, 0.01: 0.09236224807369403}


def plain(signals: Signals) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    p = probabilities(signals.references, signals.transform)
    outside = np.where(signals.reference_member, np.nan, p)
    return probabilities(signals.target, signals.transform), np.nanmean(outside, axis=1), p


def test_loss_orders_by_the_signal_whatever_its_transform() -> None:
    p = np.tile(np.linspace(0.05, 0.95, 50), 2)
    member = np.arange(100) < 50
    ranks = [
        stats.rankdata(loss(from_arrays(values, member, transform)))
        for values, transform in ((p, "probability"), (np.log(p / (1 - p)), "logit"), (-np.log(p), "loss"))
    ]  # fmt: skip
    assert (ranks[0] == ranks[1]).all()
    assert (ranks[0] == ranks[2]).all()


def test_one_transform_leads_to_the_same_attacks_as_another() -> None:
    signals = shifted(1.0, 200)
    p, beside = (probabilities(v, "logit") for v in (signals.target, signals.references))
    again = from_arrays(
        -np.log(p), signals.member, "loss", -np.log(beside), signals.reference_member
    )
    for attack in (calibrated, rmia):
        assert attack(again) == pytest.approx(attack(signals), abs=2e-3)
    assert logits(-np.log(p), "loss") == pytest.approx(signals.target, abs=1e-3)


def test_calibrated_is_the_difference_to_the_mean_without_the_example() -> None:
    signals = shifted(1.0, 100)
    p, outside, _ = plain(signals)
    assert calibrated(signals) == pytest.approx(p - outside)


@pytest.mark.parametrize("variance", ["fixed", "per_example"])
def test_lira_equals_the_log_densities_written_out(variance: str) -> None:
    signals = shifted(1.0, 100)
    phi, beside = signals.target, signals.references
    sides = []
    for chosen in (signals.reference_member, ~signals.reference_member):
        values = np.where(chosen, beside, np.nan)
        mean = np.nanmean(values, axis=1)
        spread = np.nanstd(values, axis=1)
        if variance == "fixed":
            spread = np.full(len(mean), np.sqrt(np.nanmean((values - mean[:, None]) ** 2)))
        sides.append((mean, spread))
    online = stats.norm.logpdf(phi, *sides[0]) - stats.norm.logpdf(phi, *sides[1])
    assert lira_online(signals, variance) == pytest.approx(online)  # type: ignore[arg-type]
    offline = lira_offline(signals, variance)  # type: ignore[arg-type]
    assert offline == pytest.approx((phi - sides[1][0]) / sides[1][1])


@pytest.mark.parametrize("gamma", [1.0, 1.3])
def test_rmia_by_ranks_equals_the_whole_matrix(gamma: float) -> None:
    signals = shifted(1.0, 100)
    rng = np.random.default_rng(1)
    whole = from_arrays(
        signals.target, signals.member, "logit", signals.references, signals.reference_member,
        population=rng.normal(size=80), population_references=rng.normal(size=(80, 16)),
    )  # fmt: skip
    p, outside, _ = plain(whole)
    pz = probabilities(whole.population, "logit")
    oz = probabilities(whole.population_references, "logit").mean(axis=1)
    x, z = p / ((1.3 * outside + 0.7) / 2), pz / ((1.3 * oz + 0.7) / 2)
    matrix = (x[:, None] / z[None] > gamma).mean(axis=1)
    assert rmia(whole, 0.3, gamma) == pytest.approx(matrix)


def test_rmia_is_defined_where_no_reference_gives_the_label_any_probability() -> None:
    member = np.arange(100) < 50
    nothing, trained = np.zeros((100, 2)), np.zeros((100, 2), bool)
    scores = rmia(
        from_arrays(np.where(member, 0.5, 0.0), member, "probability", nothing, trained), a=1.0
    )
    assert np.isfinite(scores).all()
    assert scores[member].min() > scores[~member].max()


def test_attacks_that_need_references_say_so() -> None:
    bare = from_arrays(np.linspace(0, 1, 200), np.arange(200) < 100, "probability")
    for attack in (calibrated, lira_offline, rmia):
        with pytest.raises(BadInput, match="needs signals from reference models"):
            attack(bare)
    outside = from_arrays(bare.target, bare.member, "probability", np.ones((200, 2)) / 2)
    with pytest.raises(BadInput, match="trained on the examples"):
        lira_online(outside)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_operating_points_of_shifted_normals_hold_their_closed_forms(seed: int) -> None:
    rng = np.random.default_rng(seed)
    member = np.arange(40_000) < 20_000
    scores = rng.normal(size=40_000) + member
    found = auc(scores, member, 0.999)
    assert (found.low or 0) < MU_1["auc"] < (found.high or 1)
    for fpr in (0.1, 0.01):
        rate = tpr_at(roc(scores, member), fpr, 0.999)
        assert rate.value == pytest.approx(MU_1[fpr], abs=0.02)
        assert roc(scores, member).at(fpr).fpr <= fpr
    accuracy = balanced_accuracy(roc(scores, member), scores, member, 0.999)
    assert accuracy.value == pytest.approx(stats.norm.cdf(0.5), abs=0.01)


def test_auc_counts_ties_at_one_half_and_equals_the_pairs() -> None:
    rng = np.random.default_rng(3)
    scores, member = rng.integers(0, 5, 300).astype(float), rng.random(300) < 0.4
    pairs = scores[member][:, None] - scores[~member][None]
    assert auc(scores, member, 0.95).value == pytest.approx((np.sign(pairs).mean() + 1) / 2)


def test_the_interval_of_the_auc_covers_the_truth() -> None:
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        member = np.arange(400) < 150
        found = auc(rng.normal(size=400) + member, member, 0.95)
        inside += (found.low or 0) <= MU_1["auc"] <= (found.high or 1)
    assert inside >= 180


def test_equal_scores_are_taken_together_and_the_realised_fpr_says_so() -> None:
    member = np.arange(1000) < 500
    scores = np.where(np.arange(1000) % 5 == 0, 1.0, 0.0)
    point = roc(scores, member).at(0.01)
    assert (point.found, point.alarms, point.tied) == (0, 0, 200)
    assert roc(scores, member).at(0.2).fpr == pytest.approx(0.2)


def test_an_fpr_that_the_sample_cannot_carry_has_no_value() -> None:
    member = np.arange(400) < 200
    curve = roc(np.random.default_rng(0).normal(size=400), member)
    assert tpr_at(curve, 0.001, 0.95).value is None
    assert tpr_at(curve, 0.01, 0.95).value is not None
