"""Axes, sparklines and the sentences that say what a chart shows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Trend, amount, nice_scale, sparkline, trend_sentence

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
finite = st.floats(-1e9, 1e9, allow_nan=False)


def test_the_sentence_names_both_ends_and_the_target() -> None:
    found = trend_sentence(Trend("Overdue deletions", "", ((MAY, 3.0), (JUNE, 5.0)), 0.0))
    assert found.replace("\u00a0", " ") == (
        "Overdue deletions rose from 3 on 1 May 2026 to 5 on 1 Jun 2026. The target is 0."
    )


def test_a_fall_is_said_as_a_fall_and_no_change_as_no_change() -> None:
    assert "fell" in trend_sentence(Trend("X", "%", ((MAY, 3.0), (JUNE, 2.0))))
    assert "the same as" in trend_sentence(Trend("X", "%", ((MAY, 3.0), (JUNE, 3.0))))


def test_nothing_is_said_to_be_nothing() -> None:
    assert trend_sentence(Trend("X", "", ())) == "There are no values yet."


@given(st.lists(finite, min_size=1, max_size=40))
def test_an_axis_holds_every_value_between_its_ends(values: list[float]) -> None:
    scale = nice_scale(values)
    hair = 1e-6 * (scale.high - scale.low)
    assert scale.low - hair <= min(values)
    assert max(values) <= scale.high + hair
    assert scale.low < scale.high
    assert len(scale.ticks) <= 12


def test_an_axis_of_zeros_starts_at_zero() -> None:
    assert nice_scale([0.0, 0.0]).ticks == (0.0, 0.25, 0.5, 0.75, 1.0)


@given(st.lists(finite, min_size=2, max_size=40))
def test_a_sparkline_stays_in_its_box(values: list[float]) -> None:
    numbers = [float(part) for pair in sparkline(values).split() for part in pair.split(",")]
    assert len(numbers) == 2 * len(values)
    assert all(0.0 <= number <= 100.0 for number in numbers)


def test_one_value_has_no_line() -> None:
    assert sparkline([1.0]) == ""


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(3.0, "", "3"), (97.5, "%", "97.5 %"), (0.125, "", "0.125"), (1234.0, "days", "1,234 days")],
)
def test_amounts_read_as_people_write_them(value: float, unit: str, words: str) -> None:
    assert amount(value, unit) == words
