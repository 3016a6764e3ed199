"""The score is the worst demonstrated channel; the gate never takes silence for safety."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from assessments.errors import BadInput
from assessments.leakage import policy
from assessments.leakage.measurement import Check, Estimate, Measurement, Source, from_dict
from assessments.leakage.score import ceiling, compose, gate, sample_needed

PASSED = Check("passed", "")


def measurement(**changes: object) -> Measurement:
    plain = Measurement(
        channel="membership", method="loss", method_version="1", value=0.1, ci_low=0.0, ci_high=0.2,
        confidence=0.95, n=1000, baseline=0.5, baseline_kind="coin", severity=0.0, severity_high=0.04,
        extent=0.0, status="measured", power_check=PASSED, null_check=PASSED,
        results={"auc": Estimate(0.5, 0.4, 0.6)}, inputs=(Source("a.csv", "ab", 3),),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_score_is_the_worst_channel_and_names_it() -> None:
    found = compose(
        [measurement(severity=0.2), measurement(channel="synthetic", severity=0.7, extent=0.1)]
    )
    assert (found.demonstrated, found.driver, found.band, found.extent) == (
        70.0,
        "synthetic",
        "E",
        0.1,
    )


def test_nothing_measured_is_no_score_rather_than_zero() -> None:
    found = compose([measurement(status="not_measured", severity=None)], required=["membership"])
    assert found.demonstrated is None
    assert found.missing == ("membership",)
    assert gate([], limit=9).verdict == "INCONCLUSIVE"


def test_the_gate_passes_only_below_the_upper_bound_with_every_channel_proven() -> None:
    assert gate([measurement()], limit=9, required=["membership"]).exit_code == 0
    assert gate([measurement()], limit=9, required=["membership", "text"]).exit_code == 3
    assert gate([measurement(severity_high=0.2)], limit=9).verdict == "INCONCLUSIVE"
    assert gate([measurement(power_check=Check("failed", ""))], limit=9).verdict == "INCONCLUSIVE"


def test_the_gate_fails_on_a_demonstrated_leak_even_when_other_channels_are_missing() -> None:
    found = gate([measurement(severity=0.5)], limit=9, required=["text"])
    assert found.exit_code == 1
    assert found.reasons[0].channel == "membership"


def test_an_inconclusive_gate_says_how_many_rows_are_needed() -> None:
    wide = measurement(severity=0.0, severity_high=0.18)
    assert sample_needed(wide, limit=9) == 4000
    assert gate([wide], limit=9).reasons[0].sample_needed == 4000


@pytest.mark.parametrize(
    ("epsilon", "delta", "expected"),
    [
        (0.1, 0, 5.0),
        (0.5, 0, 24.49),
        (1, 0, 46.21),
        (2.381686, 1e-5, 83.08),
        (4.377178, 1e-5, 97.52),
        (8, 0, 99.93),
    ],
)
def test_the_ceiling_equals_the_published_advantage_bound(
    epsilon: float, delta: float, expected: float
) -> None:
    assert ceiling(epsilon, delta) == pytest.approx(expected, abs=0.01)
    assert ceiling(10_000) == 100


def test_a_limit_may_be_lowered_but_never_raised() -> None:
    shipped = policy.load()
    assert policy.tighten(shipped, "personal", 5).limit("personal") == 5
    with pytest.raises(BadInput, match="never raised"):
        policy.tighten(shipped, "special", 50)


def test_a_result_survives_its_json_form_and_equal_results_are_equal_texts() -> None:
    first = measurement(results={"delta_disclosure": Estimate(2.7, 2.7, 2.7, infinite=True)})
    back = from_dict(json.loads(first.as_json()))
    assert back.as_json() == first.as_json()
    assert back.digest == first.digest
    assert list(json.loads(first.as_json())) == sorted(json.loads(first.as_json()))


def test_figures_that_are_not_numbers_become_null_in_json() -> None:
    data = json.loads(measurement(results={"x": Estimate(math.inf, math.nan, None)}).as_json())
    assert data["results"]["x"] == {"value": None, "low": None, "high": None}


def test_a_trend_breaks_when_the_method_or_the_attributes_change() -> None:
    first = measurement(params={"on": ["a"]})
    assert first.trend_key == replace(first, value=0.9, seed=5).trend_key
    assert first.trend_key != replace(first, method_version="2").trend_key
    assert first.trend_key != replace(first, params={"on": ["a", "b"]}).trend_key


def test_a_result_shows_itself_in_a_notebook_without_trusting_its_texts() -> None:
    shown = measurement(caveats=("<script>",))._repr_html_()
    assert "<script>" not in shown
    assert "auc" in shown
    assert repr(measurement()).count("\n") == 0
    assert measurement().to_frame().loc["auc", "high"] == 0.6
