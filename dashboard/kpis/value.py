"""What a KPI says on a day: the number, its state, its trend and where it came from."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from dashboard.kpis.kpi import Kpi

if TYPE_CHECKING:
    import pandas as pd

State = Literal["met", "warn", "missed", "no_data", "stale", "source_failed"]
STATE_WORDS: dict[State, str] = {
    "met": "Target met",
    "warn": "Close to target",
    "missed": "Target missed",
    "no_data": "No data",
    "stale": "Source too old",
    "source_failed": "Source failed its check",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that fed the number; ``quarantined`` of its rows did not land."""

    kind: str
    path: str
    sha256: str | None
    quarantined: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "sha256": self.sha256, "kind": self.kind, "quarantined": self.quarantined}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """The KPI on one day. ``value`` is absent when it cannot be said, never 0 instead.

    numerator and denominator: failing rows (count) or met rows (others), of all rows.
    """

    as_of: date
    value: float | None
    numerator: int
    denominator: int
    failing: int
    state: State


@dataclass(frozen=True, slots=True)
class KpiValue:
    """A KPI's number on a day with everything that a reader needs to trust or doubt it."""

    kpi: Kpi
    point: Point
    trend: tuple[Point, ...] = ()
    sources: tuple[Source, ...] = ()
    caveats: tuple[str, ...] = ()
    generation: str | None = None

    @property
    def name(self) -> str:
        return self.kpi.name

    @property
    def value(self) -> float | None:
        return self.point.value

    @property
    def state(self) -> State:
        return self.point.state

    @property
    def as_of(self) -> date:
        return self.point.as_of

    @property
    def rows(self) -> int:
        """Rows behind the number: the failing ones of a count, the whole population otherwise."""
        counts = self.kpi.aggregate == "count_failing"
        return self.point.failing if counts else self.point.denominator

    @property
    def change(self) -> float | None:
        """Difference from the week before, where both can be said."""
        earlier = [point.value for point in self.trend if point.as_of < self.as_of]
        if not earlier or earlier[-1] is None or self.value is None:
            return None
        return self.value - earlier[-1]

    @property
    def words(self) -> str:
        """The number with its unit, as people read it."""
        return number_words(self.value, self.kpi.unit)

    def __repr__(self) -> str:
        target = number_words(self.kpi.target, self.kpi.unit)
        return f"{self.name} = {self.words} ({self.state}, target {target}, as of {self.as_of})"

    def _repr_html_(self) -> str:
        cells = [
            (self.kpi.title, self.words),
            ("Target", number_words(self.kpi.target, self.kpi.unit)),
            ("State", STATE_WORDS[self.state]),
            ("As of", self.as_of.isoformat()),
            *((f"Note {number}", text) for number, text in enumerate(self.caveats, 1)),
        ]
        body = "".join(
            f"<tr><th scope='row'>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>"
            for name, text in cells
        )
        return f"<table>{body}</table>"

    def to_frame(self) -> pd.DataFrame:
        """The trend as a data frame: one row a week."""
        import pandas as pd

        points = self.trend or (self.point,)
        columns = ("as_of", "value", "numerator", "denominator", "failing", "state")
        return pd.DataFrame([[getattr(p, c) for c in columns] for p in points], columns=columns)

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of ``privacy kpi list`` and, with its trend, of ``privacy kpi show``."""
        kpi, point = self.kpi, self.point
        return {
            "name": self.name,
            "title": kpi.title,
            "value": whole(point.value, kpi),
            "unit": kpi.unit,
            "target": whole(kpi.target, kpi),
            "warn": whole(kpi.warn, kpi),
            "direction": kpi.direction,
            "state": self.state,
            "rows": self.rows,
            "failing": point.failing,
            "numerator": point.numerator,
            "denominator": point.denominator,
            "as_of": self.as_of.isoformat(),
            "owner": kpi.owner,
            "sources": [source.as_dict() for source in self.sources],
            "caveats": [{"number": n, "text": text} for n, text in enumerate(self.caveats, 1)],
            "generation": self.generation,
            "sql_sha256": kpi.sha256,
        }

    def trend_dicts(self) -> list[dict[str, Any]]:
        """``[{"as_of", "value"}]``, oldest first."""
        return [
            {"as_of": p.as_of.isoformat(), "value": whole(p.value, self.kpi), "state": p.state}
            for p in self.trend
        ]


def whole(value: float | None, kpi: Kpi) -> float | int | None:
    """A count is a whole number in JSON."""
    return int(value) if value is not None and kpi.unit == "count" else value


def number_words(value: float | None, unit: str) -> str:
    """A number as a person reads it; percentages are cut, never rounded up to 100."""
    if value is None:
        return "no data"
    if unit == "percent":
        return f"{int(value * 10 + 1e-9) / 10:g} %"
    if unit == "days":
        return f"{value:g} days"
    return f"{value:,.0f}" if unit == "count" else f"{value:.3g}"


def judge(kpi: Kpi, value: float | None, failing: int, unscored: int) -> State:
    """Met, warn or missed by the target.

    A maximum is met only when no subject exceeds its own limit and every subject was measured.
    """
    if value is None:
        return "no_data"
    if kpi.aggregate == "max" and failing > unscored:
        return "missed"
    sign = 1 if kpi.direction == "lower" else -1
    if sign * value <= sign * kpi.target:
        return "warn" if unscored else "met"
    return "warn" if sign * value <= sign * kpi.warn else "missed"
