"""Settings are checked, silence is no yes, and no score is made of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessments.errors import BadInput
from assessments.leakage.federated import check_file

GOOD = {
    "strategy": {"min_fit_clients": 100, "dropout_rate": 0.1},
    "secure_aggregation": {"enabled": True, "threshold": 70},
    "dp": {"clipping_norm": 1.0, "noise_multiplier": 0.8},
    "client": {"batch_size": 32, "local_epochs": 1, "min_examples_per_client": 320},
}


def verdicts(tmp_path: Path, settings: object) -> dict[str, str]:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(settings))
    return {check.name: check.verdict for check in check_file(file).checks}


def test_sound_settings_meet_every_check_and_carry_no_severity(tmp_path: Path) -> None:
    assert set(verdicts(tmp_path, GOOD).values()) == {"met"}
    said = check_file(tmp_path / "settings.json").as_dict()
    assert (said["severity"], said["status"], said["results"]) == (None, "not_measured", {})


def test_a_gradient_of_one_record_is_pointed_out(tmp_path: Path) -> None:
    found = verdicts(tmp_path, GOOD | {"client": {"batch_size": 1, "local_steps": 1}})
    assert found["inversion_by_batch_size"] == found["inversion_by_local_steps"] == "not_met"
    assert found["records_per_client"] == "not_stated"


def test_a_quorum_of_half_the_cohort_and_a_switched_off_protocol_fail(tmp_path: Path) -> None:
    found = verdicts(tmp_path, GOOD | {"secure_aggregation": {"enabled": False, "threshold": 50}})
    assert found["secure_aggregation"] == "not_met"
    assert found["secure_aggregation_threshold"] == "not_met"


def test_what_is_no_number_is_not_met(tmp_path: Path) -> None:
    found = verdicts(tmp_path, GOOD | {"dp": {"clipping_norm": "none", "noise_multiplier": -1}})
    assert (found["clipping"], found["noise"]) == ("not_met", "not_met")


def test_files_that_say_nothing_or_two_things_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No setting"):
        verdicts(tmp_path, {"colour": "blue"})
    with pytest.raises(BadInput, match="two different values"):
        verdicts(tmp_path, {"a": {"batch_size": 1}, "b": {"batch_size": 64}})
