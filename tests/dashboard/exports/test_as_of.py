"""A KPI asked as of a past day says the same after newer lists and later facts have landed."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from dashboard.exports.catalogue import find_contract
from dashboard.exports.contract import Column, Contract
from dashboard.kpis import catalogue
from dashboard.kpis.points import Meter
from dashboard.warehouse import build as building
from dashboard.warehouse.connect import Warehouse
from sample_data import EXPORTS

FIRST, ASKED, LATER, AFTER = date(2026, 10, 1), date(2026, 11, 10), date(2026, 11, 20), "2026-11-15"
ENDED = {
    "deletion_runs": ("executed_on", {"rows_deleted": "5", "status": "done"}),
    "rights_requests": ("closed_on", {"outcome": "fulfilled"}),
    "incidents": ("closed_on", {}),
    "consents": ("withdrawn_at", {}),
}
ROWS = 60

Row = dict[str, str]


def read(kind: str) -> list[Row]:
    with (EXPORTS / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(contract: Contract, rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, contract.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def newer(contract: Contract, rows: list[Row]) -> list[Row]:
    """A list a while later: a row gone, some changed in every column that has choices, one new."""
    changed = [
        {name: other(contract.column(name), text) for name, text in row.items()}
        for row in rows[1:20]
    ]
    key = contract.key[0]
    return [*changed, *rows[20:], rows[0] | {key: f"{rows[0][key]}-new"}]


def other(column: Column, text: str) -> str:
    if column.type == "boolean" and text:
        return "false" if text.lower() == "true" else "true"
    if column.allowed and text and not column.is_list:
        return next(choice for choice in column.allowed if choice != text)
    return text


def later(contract: Contract, rows: list[Row]) -> list[Row]:
    """New facts after the day, and open cases that ended after it."""
    moment = {"date": AFTER, "timestamp": f"{AFTER}T08:00:00Z"}
    key = contract.key[0]
    dates = {
        column.name: moment[column.type] for column in contract.columns if column.type in moment
    }
    fresh = [row | {key: f"{row[key]}-new"} | dates for row in rows[:5]]
    ended: list[Row] = []
    if contract.kind in ENDED:
        name, rest = ENDED[contract.kind]
        value = moment[contract.column(name).type]
        ended = [row | {name: value} | rest for row in rows if not row[name]]
    return fresh + ended


def ask_all(desk: Any) -> dict[str, Any]:
    building.rebuild(desk.home, None)
    warehouse = Warehouse.open(desk.home)
    with warehouse.cursor() as cursor:
        meter = Meter(cursor)
        found = {kpi.name: meter.point(kpi, ASKED) for kpi in catalogue()}
    warehouse.close()
    return found


def test_every_kpi_as_of_a_past_day_stays_the_same_when_more_lands(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "precompute", lambda *_: None)
    kinds = sorted(path.stem for path in EXPORTS.iterdir() if path.suffix == ".csv")
    first, second = {}, {}
    for kind in kinds:
        contract = find_contract(kind)
        rows = read(kind) if contract.mode == "snapshot" else read(kind)[-ROWS:]
        first[kind] = write(contract, rows)
        second[kind] = write(contract, (newer if contract.mode == "snapshot" else later)(contract, rows))  # fmt: skip
    desk.report(*(desk.write(f"{kind}.csv", text) for kind, text in first.items()), as_of=FIRST)
    before = ask_all(desk)
    assert sum(point.value is not None for point in before.values()) > 30
    report = desk.report(
        *(desk.write(f"{kind}.csv", text) for kind, text in second.items()), as_of=LATER
    )
    assert not report.held
    assert {file.kind for file in report.files if file.changed} >= {*ENDED, "datasets", "systems"}
    after = ask_all(desk)
    assert [name for name in before if before[name] != after[name]] == []
