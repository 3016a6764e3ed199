"""Plots of measured leakage: places follow the figures, sentences and tables say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from assessments.leakage.measurement import Check, Estimate, Measurement
from assessments.leakage.register.reading import Registered
from dashboard.charts_leakage import attribute_bars, class_sizes_plot, history_plot, roc_plot
from dashboard.leakage_words import meaning, verdict
from dashboard.plots import decades_for

PASSED = Check("passed", "")


def found(**changes: Any) -> Measurement:
    plain = Measurement(
        channel="membership", method="rmia", method_version="1", value=0.7, ci_low=0.6, ci_high=0.8,
        confidence=0.95, n=1000, baseline=0.5, baseline_kind="coin", severity=0.2, severity_high=0.3,
        extent=0.1, status="measured", power_check=PASSED, null_check=PASSED,
    )  # fmt: skip
    return replace(plain, **changes)


def kept(day: int, score: float, key: str = "a") -> Registered:
    rest = dict.fromkeys(Registered.__dataclass_fields__)
    rest |= {"id": f"ms-{day}", "severity": score / 100, "severity_high": score / 100 + 0.1,
             "measured_on": date(2026, 1, day), "trend_key": key, "method": "rmia",
             "method_version": "1", "registered_at": datetime.now(UTC)}  # fmt: skip
    return Registered(**rest)  # type: ignore[arg-type]


def test_a_decade_of_the_log_axis_is_as_wide_as_every_other() -> None:
    axis = decades_for([0.001, 0.5])
    assert [axis.at(value) for value in (0.001, 0.01, 0.1, 1.0)] == pytest.approx([0, 100 / 3, 200 / 3, 100])  # fmt: skip
    assert axis.at(0.0) == 0.0


def test_the_roc_has_its_diagonal_and_an_interval_at_each_rate_that_the_sample_carries() -> None:
    roc = tuple({"fpr": x, "tpr": min(1.0, 3 * x)} for x in (0.001, 0.01, 0.1, 1.0))
    results = {"tpr_at_fpr_0.1": Estimate(0.3, 0.2, 0.4), "tpr_at_fpr_0.001": Estimate(None, None, None)}  # fmt: skip
    plot = roc_plot(found(tables={"roc": roc}, results=results))
    assert plot is not None
    assert plot.guides[0][:2] == ((0.0, 100.0), (100.0, 0.0))
    (mark,) = plot.marks
    assert mark.high is not None
    assert mark.low is not None
    assert mark.high < mark.top < mark.low
    assert "30\u00a0% (20\u00a0% to 40\u00a0%)" in plot.sentence
    assert len(plot.lines[0]) == 4


def test_a_result_without_curve_has_no_roc() -> None:
    assert roc_plot(found()) is None


def test_class_sizes_are_shares_of_people_and_come_to_all_of_them() -> None:
    sizes = ({"size": 1, "classes": 20}, {"size": 10, "classes": 3}, {"size": 50, "classes": 1})
    plot = class_sizes_plot(found(tables={"class_sizes": sizes}))
    assert plot is not None
    assert [row[1] for row in plot.rows] == ["20", "0", "0", "30", "0", "50"]
    assert (
        plot.sentence
        == "20\u00a0% of the records stand alone, 50\u00a0% in groups of fewer than 11."
    )


def test_attributes_are_ranked_by_those_who_would_no_longer_stand_alone() -> None:
    rows = ({"column": "zip", "uniques_without": 30}, {"column": "age", "uniques_without": 10})
    bars = attribute_bars(
        found(results={"uniques": Estimate.exact(40)}, tables={"attributes": rows})
    )
    assert [(bar.name, bar.share) for bar in bars] == [("age", 0.75), ("zip", 0.25)]


def test_the_line_is_broken_where_the_method_changed_and_the_sentence_says_so() -> None:
    same = history_plot([kept(1, 40), kept(2, 30)], 9)
    other = history_plot([kept(1, 40), kept(2, 30), kept(3, 20, "b")], 9)
    assert same is not None
    assert other is not None
    assert (len(same.lines), same.breaks) == (1, ())
    assert "fell from 40" in same.sentence
    assert [len(line) for line in other.lines] == [2, 1]
    assert len(other.breaks) == 1
    assert "no trend" in other.sentence
    assert history_plot([kept(1, 40)], 9) is None


@pytest.mark.parametrize(
    ("changes", "tag", "words"),
    [
        ({}, "Above the limit", "the limit is 9"),
        ({"severity": 0.0, "severity_high": 0.05}, "Below the limit", "upper end"),
        ({"severity": 0.0, "severity_high": 0.18}, "Cannot be said yet", "4,000 records"),
        ({"severity": 0.0, "severity_high": 0.05, "power_check": Check("failed", "")},
         "Cannot be said yet", "did not prove itself"),
        ({"severity": None}, "Not measured", "not 0"),
    ],
)  # fmt: skip
def test_the_verdict_is_that_of_the_gate_with_its_reason(
    changes: dict[str, Any], tag: str, words: str
) -> None:
    judged = verdict(found(**changes), 9)
    assert judged.tag.text == tag
    assert words in judged.reason


def test_one_sentence_says_what_a_measurement_means() -> None:
    shown = found(results={"tpr_at_fpr_0.01": Estimate(0.2, 0.1, 0.3)})
    assert "20\u00a0% (10\u00a0% to 30\u00a0%)" in meaning(shown)
    assert "nobody" not in meaning(found(severity=0.0)).lower()
    assert meaning(found(severity=None)).startswith("This run shows nothing")
    table = found(channel="reidentification", results={"uniques": Estimate.exact(12)})
    assert "12 of 1,000 records" in meaning(table)
