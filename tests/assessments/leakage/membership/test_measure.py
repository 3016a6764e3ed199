"""The measurement: leaks are demonstrated, nothing is found where nothing is, and it says what it is."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from assessments.errors import BadInput
from assessments.leakage.measurement import RESULT_SCHEMA, from_dict
from assessments.leakage.membership import Options, Signals, from_arrays, measure
from assessments.leakage.membership.exposure import demonstrate, split
from assessments.leakage.score import compose, is_evidence
from tests.assessments.leakage.membership.cases import shifted


def test_a_leak_is_measured_with_its_attacks_and_proves_itself() -> None:
    found = measure(shifted(3.0))
    assert found.status == "measured"
    assert (found.power_check.verdict, found.null_check.verdict) == ("passed", "passed")
    assert (found.severity or 0) > 0.6
    assert is_evidence(found)
    assert {row["attack"] for row in found.tables["attacks"]} == {
        "loss", "calibrated", "lira_offline", "lira_online", "rmia"
    }  # fmt: skip
    assert {
        "auc",
        "tpr_at_fpr_0.1",
        "tpr_at_fpr_0.01",
        "realised_fpr_0.01",
        "balanced_accuracy",
    } <= set(found.results)
    assert found.results["epsilon_lower_bound"].value == pytest.approx(
        2 * np.arctanh(found.severity)
    )


def test_a_model_that_knows_nobody_is_silent_and_counts_as_evidence() -> None:
    found = measure(shifted(0.0))
    assert found.severity == 0
    assert found.status == "measured"
    assert (found.results["auc"].low or 0) < 0.5 < (found.results["auc"].high or 1)


def test_a_few_fully_exposed_members_count_though_the_auc_hides_them() -> None:
    found = measure(shifted(12.0, n=6000, models=8, exposed=0.02))
    assert (found.results["auc"].value or 1) < 0.53
    assert (found.severity or 0) > 0.7
    assert found.extent == pytest.approx(0.02, abs=0.01)


def test_null_runs_raise_no_more_alarms_than_their_confidence_allows() -> None:
    alarms = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        n = (300, 1000, 2000)[seed % 3]
        member = np.arange(n) < n // 2
        scores = {name: rng.normal(size=n) for name in "abcde"}
        alarms += demonstrate(scores, member, split(member, rng), 0.95).severity > 0
    assert alarms <= 10


def test_the_bound_stays_below_the_epsilon_of_randomised_response() -> None:
    epsilon, above = 1.0, 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        member = np.arange(2000) < 1000
        truth = rng.random(2000) < np.exp(epsilon) / (1 + np.exp(epsilon))
        found = demonstrate(
            {"rr": (member == truth).astype(float)}, member, split(member, rng), 0.95
        )
        above += found.low > epsilon
    assert above <= 15


def test_a_severity_grows_with_the_leak() -> None:
    found = [measure(shifted(mu, n=1500, models=8)).severity or 0.0 for mu in (0.0, 1.5, 3.0, 6.0)]
    assert found == sorted(found)
    assert len(set(found)) == 4


def test_an_fpr_is_refused_by_name_where_non_members_are_too_few() -> None:
    found = measure(shifted(2.0, n=400))
    assert found.results["tpr_at_fpr_0.001"].value is None
    assert "realised_fpr_0.001" not in found.results
    assert any(
        "0.10% is refused: 400 non-members" in note and "2000" in note for note in found.caveats
    )


def test_a_sample_too_small_to_find_the_plant_is_no_evidence_of_silence() -> None:
    found = measure(shifted(0.0, n=100))
    assert found.power_check.verdict == "failed"
    assert found.status == "inconclusive"


def test_the_loss_attack_alone_cannot_show_silence() -> None:
    whole = shifted(0.0)
    found = measure(from_arrays(whole.target, whole.member, "logit"))
    assert found.status == "inconclusive"
    assert any("Without reference models" in note for note in found.caveats)


def test_the_worst_subgroup_stands_out_and_decides() -> None:
    calm, exposed = shifted(0.0, seed=1), shifted(6.0, n=300, seed=2)
    joined = _joined(calm, exposed)
    found = measure(joined)
    rows = {row["group"]: row for row in found.tables["subgroups"]}
    assert rows["exposed"]["severity"] > 0.5 > rows["calm"]["severity"] == 0
    assert found.severity == pytest.approx(rows["exposed"]["severity"])
    assert any("in the subgroup exposed" in note for note in found.caveats)
    assert (found.results["worst_subgroup_auc"].low or 0) > 0.8


def test_a_subgroup_too_small_to_show_anything_is_left_out() -> None:
    signals = shifted(1.0, n=200)
    groups = np.where(np.arange(400) < 30, "few", "many")
    found = measure(replace(signals, groups=groups))
    assert [row["group"] for row in found.tables["subgroups"]] == ["many"]
    assert any("1 subgroup" in note for note in found.caveats)


def test_the_most_exposed_are_members_named_by_their_pseudonym() -> None:
    signals = shifted(3.0)
    ids = np.array([f"p{i}" for i in range(len(signals))])
    rows = measure(replace(signals, ids=ids)).tables["most_exposed"]
    members = set(ids[signals.member])
    assert {row["id"] for row in rows} <= members
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


def test_a_reference_that_repeats_or_mirrors_the_target_is_left_out() -> None:
    signals = shifted(0.0, models=4)
    trained = signals.reference_member.copy()
    trained[:, 0], trained[:, 3] = signals.member, ~signals.member
    checked = from_arrays(signals.target, signals.member, "logit", signals.references, trained)
    assert checked.models == 2
    assert any("0, 3" in note for note in checked.notes)


def test_members_and_others_from_two_populations_are_no_evidence_of_leakage() -> None:
    """Every model is surer of the members, though the target was trained on none of them."""
    signals = shifted(0.0)
    surer = 2.0 * signals.member
    drifted = replace(
        signals, target=signals.target + surer, references=signals.references + surer[:, None]
    )
    found = measure(drifted)
    assert (found.results["loss_auc"].low or 0) > 0.6
    assert found.null_check.verdict == "failed"
    assert "differ as populations" in found.null_check.detail
    assert found.status == "inconclusive"
    assert not is_evidence(found)


def test_references_trained_on_parts_of_the_targets_training_data_are_left_out() -> None:
    signals = shifted(0.0, models=6)
    rng = np.random.default_rng(0)
    trained = signals.reference_member.copy()
    trained[:, :4] = signals.member[:, None] & (rng.random((len(signals), 4)) < 0.5)
    checked = from_arrays(signals.target, signals.member, "logit", signals.references, trained)
    assert checked.models == 2
    assert any("0, 1, 2, 3" in note for note in checked.notes)


def test_few_references_and_examples_in_all_of_them_are_said() -> None:
    signals = shifted(1.0, n=300, models=3)
    notes = " ".join(measure(signals).caveats)
    assert "Only 3 reference models" in notes
    covered = int(signals.reference_member.all(axis=1).sum())
    assert f"{covered} examples are in the training data of every reference" in notes


def test_equal_seeds_give_equal_results_that_survive_their_file() -> None:
    signals = shifted(1.0, n=500)
    first, second = measure(signals), measure(signals)
    assert first.as_json() == second.as_json()
    jsonschema.validate(first.as_dict(), json.loads(RESULT_SCHEMA.read_text()))
    assert from_dict(first.as_dict()).results["auc"] == first.results["auc"]
    assert compose([first]).driver == "membership"


def test_unequal_sides_are_said() -> None:
    signals = shifted(1.0, n=500)
    keep = np.flatnonzero(signals.member)[:120].tolist() + np.flatnonzero(~signals.member).tolist()
    fewer = from_arrays(
        signals.target[keep], signals.member[keep], "logit",
        signals.references[keep], signals.reference_member[keep],
    )  # fmt: skip
    assert any("120 members and 500 non-members" in note for note in measure(fewer).caveats)


@pytest.mark.parametrize(
    "options", [Options(fprs=()), Options(fprs=(1.5,)), Options(confidence=1.0)]
)
def test_impossible_settings_are_refused(options: Options) -> None:
    with pytest.raises(BadInput, match="lies between 0 and 1"):
        measure(shifted(0.0, n=60, models=2), options)


def _joined(first: Signals, second: Signals) -> Signals:
    return from_arrays(
        np.concatenate([first.target, second.target]),
        np.concatenate([first.member, second.member]),
        "logit",
        np.concatenate([first.references, second.references]),
        np.concatenate([first.reference_member, second.reference_member]),
        groups=["calm"] * len(first) + ["exposed"] * len(second),
    )
