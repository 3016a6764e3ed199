"""A plotly trend says the same in its line, its labels and its sentence."""

from __future__ import annotations

from datetime import date

from dashboard.charts import Trend
from dashboard.figures import DARK, LIGHT, Inks, trend_figure

POINTS = ((date(2026, 11, 13), 96.4), (date(2026, 11, 20), 94.6))


def test_the_figure_draws_the_points_and_the_target_and_says_them() -> None:
    figure, sentence = trend_figure(Trend("Answered in time", "%", POINTS, 100.0))

    assert list(figure.data[0].y) == [96.4, 94.6]
    assert figure.layout.showlegend is False
    assert figure.layout.shapes[0].y0 == 100.0
    assert "fell from 96.4" in sentence
    assert figure.layout.meta["sentence"] == sentence


def test_a_figure_without_values_says_so() -> None:
    figure, sentence = trend_figure(Trend("Answered in time", "%", ()), is_dark=True)

    assert list(figure.data[0].y) == []
    assert sentence == "There are no values yet."


def test_every_ink_can_be_read_on_its_ground() -> None:
    for inks in (LIGHT, DARK):
        for ink in (inks.text, inks.line, inks.target):
            assert _contrast(ink, inks) >= 4.5


def _contrast(ink: str, inks: Inks) -> float:
    """WCAG 2.2 contrast ratio."""
    lighter, darker = sorted((_luminance(ink), _luminance(inks.ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
