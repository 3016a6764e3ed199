"""Attack minus imputation: equal accuracy is no leak, a planted one is, and members are told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assessments.errors import BadInput, NotFound
from assessments.leakage.attributes import Columns, Options, evaluate
from assessments.leakage.attributes.comparison import compare
from assessments.leakage.score import gate, is_evidence


def guesses(n: int, gain: float, seed: int = 0, outside: float = 0.0) -> pd.DataFrame:
    """Imputation is right for 79 %; the attack mends a share of its errors, by membership."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(["married", "single", "widowed"], n, p=[0.54, 0.33, 0.13])
    other = np.where(truth == "married", "single", "married")
    member = np.arange(n) % 2 == 0
    imputation = np.where(rng.random(n) < 0.79, truth, other)
    mended = rng.random(n) < np.where(member, gain, outside)
    noise = np.where(rng.random(n) < 0.79, truth, other)
    plain = np.where(rng.random(n) < 0.2, noise, imputation)
    attack = np.where(mended, truth, plain)
    return pd.DataFrame(
        {"truth": truth, "attack": attack, "imputation": imputation, "member": member}
    )


def test_an_accuracy_of_79_percent_is_no_leak_when_imputation_has_it_too() -> None:
    found = evaluate(guesses(4000, 0.0))
    assert (found.results["attack_accuracy"].value or 0) > 0.75
    assert found.severity == 0
    assert is_evidence(found)
    assert any("alone is no leak" in note for note in found.caveats)


def test_what_the_attack_gains_on_members_only_is_leakage() -> None:
    found = evaluate(guesses(4000, 0.4))
    assert (found.severity or 0) > 0.25
    assert (found.results["member_specific"].low or 0) > 0
    assert (found.results["attribute_inference_non_members"].low or 0) <= 0
    assert gate([found], limit=9).verdict == "FAIL"


def test_what_it_gains_on_everybody_is_said_to_be_about_the_population() -> None:
    found = evaluate(guesses(4000, 0.4, outside=0.4))
    assert any("Non-members lose as much" in note for note in found.caveats)


def test_a_harmed_group_drives_the_severity() -> None:
    table = guesses(4000, 0.0)
    table["group"] = np.where(np.arange(4000) < 400, "small", "large")
    hurt = table["group"] == "small"
    table.loc[hurt, "attack"] = table.loc[hurt, "truth"]
    found = evaluate(table, Options(Columns(group="group")))
    by_group = {row["group"]: row["severity"] for row in found.tables["groups"]}
    assert by_group["small"] > 0.6
    assert found.severity == by_group["small"]


def test_the_null_raises_false_alarms_no_more_often_than_promised() -> None:
    alarms = sum((evaluate(guesses(600, 0.0, seed=s)).severity or 0) > 0 for s in range(15))
    assert alarms <= 2


def test_the_paired_difference_covers_the_hand_computed_one() -> None:
    attack = np.array([1] * 60 + [0] * 40, bool)
    against = np.array([1] * 50 + [0] * 50, bool)
    paired = compare(attack, against, 0.95, np.random.default_rng(0))
    assert paired.difference.value == pytest.approx(0.1)
    assert paired.p_value == pytest.approx(2 * 0.5**10)
    assert (paired.difference.low or 0) < 0.1 < (paired.difference.high or 0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t[:60], "too few"),
        (lambda t: t.assign(member=True), "too few"),
        (lambda t: t.assign(truth="x"), "single value"),
        (lambda t: t.assign(member="perhaps"), "neither yes nor no"),
    ],
)
def test_tables_that_cannot_tell_leakage_from_luck_are_refused(change, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        evaluate(change(guesses(400, 0.0)))
    with pytest.raises(NotFound):
        evaluate(guesses(400, 0.0).drop(columns="imputation"))


def test_numeric_guesses_count_within_an_absolute_distance_on_both_sides() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(0, 1, 2000)
    table = pd.DataFrame(
        {"truth": truth, "attack": truth + 0.01, "imputation": -np.abs(truth) - 5, "member": np.arange(2000) % 2}
    )  # fmt: skip
    found = evaluate(table)
    assert found.results["attack_accuracy"].value == 1
    assert found.results["imputation_accuracy"].value == 0
