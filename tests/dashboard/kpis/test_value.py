"""How a value shows itself: one line, escaped HTML, a frame, JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dashboard.kpis import KpiValue, Point, Source, get
from dashboard.kpis.value import number_words

DAYS = (date(2026, 11, 13), date(2026, 11, 20))
POINTS = (Point(DAYS[0], 4.0, 4, 10, 4, "warn"), Point(DAYS[1], 6.0, 6, 10, 6, "missed"))
SHOWN = KpiValue(
    get("overdue_deletions"), POINTS[1], POINTS, (Source("deletion_runs", "runs.csv", "ab"),), ("A note.",), "7"
)  # fmt: skip


def test_a_value_is_one_line() -> None:
    assert repr(SHOWN) == "overdue_deletions = 6 (missed, target 0, as of 2026-11-20)"


def test_html_shows_words_and_runs_nothing() -> None:
    hostile = replace(SHOWN, caveats=("<script>alert(1)</script>",))

    shown = hostile._repr_html_()

    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_a_frame_has_one_row_a_week() -> None:
    frame = SHOWN.to_frame()

    assert list(frame["value"]) == [4.0, 6.0]
    assert list(frame["as_of"]) == list(DAYS)


def test_json_has_the_names_that_scripts_rely_on() -> None:
    data = SHOWN.as_dict()

    assert {"name", "value", "unit", "target", "state", "rows", "as_of", "sources"} <= data.keys()
    assert data["value"] == data["rows"] == 6
    assert isinstance(data["value"], int)
    assert data["sources"][0]["path"] == "runs.csv"
    assert data["caveats"] == [{"number": 1, "text": "A note."}]
    assert SHOWN.trend_dicts()[0] == {"as_of": "2026-11-13", "value": 4, "state": "warn"}


def test_the_change_is_against_the_week_before_and_absent_without_one() -> None:
    assert SHOWN.change == 2.0
    assert replace(SHOWN, trend=POINTS[1:]).change is None
    assert replace(SHOWN, trend=(replace(POINTS[0], value=None), POINTS[1])).change is None


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (99.96, "percent", "99.9 %"),
        (100.0, "percent", "100 %"),
        (86.2, "percent", "86.2 %"),
        (12345.0, "count", "12,345"),
        (41.9097, "score", "41.9"),
        (17.5, "days", "17.5 days"),
        (None, "count", "no data"),
    ],
)
def test_a_share_just_short_of_all_is_not_rounded_to_all(
    value: float | None, unit: str, words: str
) -> None:
    assert number_words(value, unit) == words
