"""Plotly figures for notebooks and files; every function gives the figure and the sentence that says it.

Lines carry markers, the target is labelled where it is drawn, and there is no legend for one series,
so nothing is said by colour alone. Plotly is imported when a figure is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard.charts import Trend, amount, trend_sentence

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours of one theme; each has a contrast of at least 4.5 on its ground."""

    ground: str
    text: str
    line: str
    target: str
    grid: str


LIGHT: Final = Inks("#ffffff", "#1f2328", "#0b5cad", "#a8071a", "#d0d7de")
DARK: Final = Inks("#0f1318", "#e6edf3", "#6cb6ff", "#ff9492", "#30363d")


def trend_figure(trend: Trend, *, is_dark: bool = False) -> tuple[Figure, str]:
    """The measure over time with its target line."""
    from plotly.graph_objects import Figure, Scatter

    inks = DARK if is_dark else LIGHT
    days = [day for day, _ in trend.points]
    values = [value for _, value in trend.points]
    figure = Figure(
        Scatter(
            x=days,
            y=values,
            mode="lines+markers",
            line={"color": inks.line, "width": 2},
            marker={"size": 7},
            hovertemplate=f"%{{x|%d %b %Y}}: %{{y:.4~g}} {trend.unit}<extra></extra>",
        )
    )
    sentence = trend_sentence(trend)
    figure.update_layout(**_layout(trend, inks, sentence))
    figure.update_xaxes(gridcolor=inks.grid, linecolor=inks.grid)
    figure.update_yaxes(gridcolor=inks.grid, rangemode="tozero", ticksuffix=_suffix(trend.unit))
    if trend.points:
        figure.add_annotation(
            x=days[-1], y=values[-1], text=amount(values[-1], trend.unit),
            showarrow=False, xanchor="left", xshift=8, font={"color": inks.line},
        )  # fmt: skip
    if trend.target is not None:
        figure.add_hline(
            y=trend.target, line={"color": inks.target, "dash": "dash"},
            annotation_text=f"Target {amount(trend.target, trend.unit)}",
            annotation_position="top left", annotation_font_color=inks.target,
        )  # fmt: skip
    return figure, sentence


def _layout(trend: Trend, inks: Inks, sentence: str) -> dict[str, object]:
    return {
        "title": {"text": trend.title},
        "showlegend": False,
        "paper_bgcolor": inks.ground,
        "plot_bgcolor": inks.ground,
        "font": {"color": inks.text},
        "margin": {"l": 56, "r": 72, "t": 56, "b": 40},
        "meta": {"sentence": sentence},
    }


def _suffix(unit: str) -> str:
    return " %" if unit in {"%", "percent"} else ""
