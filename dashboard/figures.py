"""Plotly figures for notebooks and files; every function gives the figure and the sentence that says it.

Lines carry markers, the target is labelled where it is drawn, and there is no legend for one series,
so nothing is said by colour alone. Plotly is imported when a figure is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboard.charts import Trend, amount, trend_sentence
from dashboard.risk_map import RiskMap, map_sentence, move_words, places

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


_BANDS: Final = ("#d8ebe4", "#fbefc5", "#f7cfa8", "#e8a298")


def risk_map_figure(shown: RiskMap) -> tuple[Figure, str]:
    """The map of risks with an arrow for each that moves; always on light ground, as in reports."""
    from plotly.graph_objects import Figure, Scatter

    sentence, at = map_sentence(shown), places(shown)
    side = 100.0 / shown.size
    ends = [at[move.id, "end"] for move in shown.moves]
    figure = Figure(
        Scatter(
            x=[x for x, _ in ends],
            y=[100 - y for _, y in ends],
            text=[move.id for move in shown.moves],
            mode="markers+text",
            marker={"size": 24, "color": LIGHT.ground, "line": {"color": LIGHT.text, "width": 1.5}},
            textfont={"color": LIGHT.text},
            hovertext=[move_words(shown, move) for move in shown.moves],
            hoverinfo="text",
        )
    )
    for row, bands in enumerate(shown.bands):
        for column, band in enumerate(bands):
            figure.add_shape(
                type="rect", x0=side * column, x1=side * (column + 1), y0=side * row,
                y1=side * (row + 1), fillcolor=_BANDS[min(4, band) - 1], layer="below",
                line={"color": LIGHT.ground, "width": 2},
            )  # fmt: skip
    for move in shown.moves:
        if move.has_moved:
            (x0, y0), (x1, y1) = at[move.id, "start"], at[move.id, "end"]
            figure.add_annotation(
                x=x1, y=100 - y1, ax=x0, ay=100 - y0, xref="x", yref="y", axref="x", ayref="y",
                showarrow=True, arrowhead=3, standoff=13, arrowcolor=LIGHT.text, text="",
            )  # fmt: skip
    ticks = [side * (n + 0.5) for n in range(shown.size)]
    figure.update_xaxes(tickvals=ticks, ticktext=list(shown.likelihood), range=[0, 100])
    figure.update_yaxes(tickvals=ticks, ticktext=list(shown.severity), range=[0, 100])
    figure.update_layout(
        showlegend=False, paper_bgcolor=LIGHT.ground, plot_bgcolor=LIGHT.ground,
        font={"color": LIGHT.text}, meta={"sentence": sentence},
    )  # fmt: skip
    return figure, sentence
