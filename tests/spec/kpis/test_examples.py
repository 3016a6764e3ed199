"""Every example of every KPI, executed. The same files are printed in docs/reference/kpis.md."""

from __future__ import annotations

import pytest

from dashboard.kpis import catalogue, every_row, get, rows, value
from tests.spec.kpis.spec_table import Cells, Example, every_example
from tests.spec.kpis.tiny_warehouse import tiny_warehouse


@pytest.mark.parametrize("example", every_example(), ids=str)
def test_an_example_gives_its_value_and_its_rows(example: Example) -> None:
    kpi = get(example.kpi)
    with tiny_warehouse(example.tables) as warehouse:
        measured = value(kpi, warehouse, example.as_of)
        population = rows(kpi, warehouse, example.as_of, only="all", size=1000).as_dicts()
        behind = every_row(kpi, warehouse, example.as_of)

    assert (measured.value, measured.state) == (pytest.approx(example.value), example.state)
    assert [_shown(row, example.rows) for row in population] == example.rows
    assert measured.rows == behind.total == len(behind.rows)


@pytest.mark.parametrize("kpi", catalogue(), ids=lambda kpi: kpi.name)
def test_every_kpi_has_an_example_with_both_outcomes(kpi: object) -> None:
    examples = [example for example in every_example() if example.kpi == kpi.name]  # type: ignore[attr-defined]
    outcomes = {row["is_met"] for example in examples for row in example.rows}

    assert outcomes == {"yes", "no"}


def _shown(row: dict[str, object], expected: list[Cells]) -> Cells:
    """The columns that the example shows, as it writes them."""
    names = expected[0].keys() if expected else ()
    return {name: _words(row[name]) for name in names}


def _words(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
