"""Every KPI of the product: one ``.sql`` file each in this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assessments.errors import NotFound
from dashboard.kpis.kpi import Kpi, parse_kpi

FOLDER = Path(__file__).parent
BOARD_SIZE = 6


@cache
def catalogue() -> tuple[Kpi, ...]:
    """All KPIs: those of the overview in their order, then the others by name."""
    found = [parse_kpi(path.stem, path.read_text("utf-8")) for path in FOLDER.glob("*.sql")]
    return tuple(sorted(found, key=lambda kpi: (kpi.board or BOARD_SIZE + 1, kpi.name)))


def get(name: str) -> Kpi:
    """The KPI of that name."""
    for kpi in catalogue():
        if kpi.name == name:
            return kpi
    raise NotFound(
        f"There is no KPI {name}.", f"KPIs: {', '.join(sorted(kpi.name for kpi in catalogue()))}."
    )
