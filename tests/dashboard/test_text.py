"""Dates, numbers and periods as readers see them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dashboard.text import counted, day, moment, period, plain, use_language, words


@pytest.mark.parametrize(
    ("duration", "said"),
    [("P2Y", "2 years"), ("P1Y", "1 year"), ("P18M", "18 months"), ("P90D", "90 days"),
     ("P1Y6M", "1 year 6 months"), ("P2W", "2 weeks"), ("", ""), ("PT5H", "PT5H"), ("soon", "soon")],
)  # fmt: skip
def test_a_period_is_said_in_words_and_an_odd_one_is_left_alone(duration: str, said: str) -> None:
    assert period(duration) == said


def test_days_and_moments_are_european_and_days_do_not_break() -> None:
    assert day(date(2026, 11, 24)) == "24\u00a0Nov\u00a02026"
    assert day("2026-11-24") == "24\u00a0Nov\u00a02026"
    assert day(None) == ""
    assert moment(datetime(2026, 11, 24, 14, 2)) == "24 Nov 2026, 14:02"


def test_one_and_many() -> None:
    assert counted(1, "row", "rows") == "1 row"
    assert counted(1200, "row", "rows") == "1,200 rows"


@pytest.mark.parametrize(
    ("value", "said"), [(None, ""), (True, "Yes"), (12345, "12,345"), (["a", "b"], "a, b")]
)
def test_any_value_of_a_row_reads_well(value: object, said: str) -> None:
    assert plain(value) == said


@pytest.mark.parametrize("wanted", ["xx-YY", "", None, "../../etc", "zz_ZZ_ZZ_ZZ"])
def test_a_language_without_a_catalogue_is_english(wanted: str | None) -> None:
    assert use_language(wanted) == "en"


def test_identifiers_read_as_words() -> None:
    assert words("special_category") == "Special category"
