"""Marts against oracles: calendar periods against dateutil, fixed lists against the packs they repeat."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.leakage.policy import load
from dashboard.exports.catalogue import FOLDER as CONTRACTS
from dashboard.exports.catalogue import contracts
from dashboard.warehouse.marts_order import read_marts
from tests.spec.kpis.tiny_warehouse import tiny_warehouse

PERIODS = st.tuples(st.integers(0, 30), st.integers(0, 40), st.integers(0, 60), st.integers(0, 800))
DAYS = st.dates(date(1995, 1, 1), date(2035, 12, 31))
PACK = CONTRACTS.parents[2] / "assessments" / "templates" / "packs" / "data_categories.yaml"


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(DAYS, PERIODS), min_size=20, max_size=40))
def test_a_period_ends_on_the_day_that_the_calendar_says(
    cases: list[tuple[date, tuple[int, int, int, int]]],
) -> None:
    texts = [_iso(*period) for _, period in cases]
    tables = {
        "datasets": [
            {"dataset_id": f"d-{n}", "retention_period": text} for n, text in enumerate(texts)
        ],
        "dataset_observations": [
            {"dataset_id": f"d-{n}", "observed_on": "2036-01-01", "oldest_record_on": str(start)}
            for n, (start, _) in enumerate(cases)
        ],
    }
    with tiny_warehouse(tables) as warehouse:
        found = dict(warehouse.execute("select dataset_id, keep_until from dataset_age").fetchall())

    for number, (start, (years, months, weeks, days)) in enumerate(cases):
        if weeks and not (years or months or days):
            expected = start + relativedelta(weeks=weeks)
        else:
            expected = start + relativedelta(years=years, months=months) + relativedelta(days=days)
        assert found[f"d-{number}"] == expected, texts[number]


def _iso(years: int, months: int, weeks: int, days: int) -> str:
    """An ISO 8601 period: weeks stand alone, or years, months and days."""
    if weeks and not (years or months or days):
        return f"P{weeks}W"
    parts = [f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n]
    return "P" + ("".join(parts) or "0D")


def test_weeks_are_seven_days() -> None:
    tables = {
        "datasets": [{"dataset_id": "d-1", "retention_period": "P3W"}],
        "dataset_observations": [
            {"dataset_id": "d-1", "observed_on": "2026-01-02", "oldest_record_on": "2026-01-01"}
        ],
    }
    with tiny_warehouse(tables) as warehouse:
        found = warehouse.execute("select keep_until from dataset_age").fetchall()

    assert found == [(date(2026, 1, 22),)]


def test_limits_in_sql_are_those_of_the_leakage_policy() -> None:
    with tiny_warehouse({}) as warehouse:
        found = dict(warehouse.execute("from leakage_limit").fetchall())

    assert found == load().data_classes


def test_categories_in_sql_are_those_of_the_pack() -> None:
    pack = yaml.safe_load(PACK.read_text("utf-8"))["categories"]
    with tiny_warehouse({}) as warehouse:
        found = warehouse.execute("from data_category order by category").fetchall()

    assert found == sorted((each["id"], each["personal"], each["special"]) for each in pack)


def _pack(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(PACK.with_name(f"{name}.yaml").read_text("utf-8")))


def test_controls_in_sql_are_those_of_the_pack() -> None:
    pack = _pack("class_controls")
    expected = sorted(
        (each["id"], control, *_longest(each, control), pack["valid_from"])
        for each in pack["classes"]
        for control in each["needs"]
    )
    with tiny_warehouse({}) as warehouse:
        found = warehouse.execute("from class_control order by classification, control").fetchall()

    assert found == expected
    assert {row[1] for row in found} == {each["id"] for each in pack["controls"]}


def _longest(entry: dict[str, Any], control: str) -> tuple[Any, Any]:
    return (entry["longest"], entry["ends_on"]) if control == "retention" else (None, None)


def test_a_longest_period_ends_where_the_calendar_says() -> None:
    for each in _pack("class_controls")["classes"]:
        years = int(each["longest"].removeprefix("P").removesuffix("Y"))
        assert each["ends_on"] == date(2000, 1, 1) + relativedelta(years=years)


def test_names_in_sql_are_those_of_the_pack() -> None:
    text = next(mart.sql for mart in read_marts() if mart.name == "field_name_hint")

    for each in _pack("field_names")["names"]:
        assert f"('{each['id']}', '{each['pattern']}')" in text
    assert text.count("('") == len(_pack("field_names")["names"])


def test_scenarios_in_sql_and_in_the_contract_are_those_of_the_pack() -> None:
    pack = [each["id"] for each in _pack("drill_plan")["scenarios"]]
    with tiny_warehouse({}) as warehouse:
        found = [scenario for (scenario,) in warehouse.execute("from drill_plan").fetchall()]
    allowed = next(c for c in contracts()["drills"].columns if c.name == "scenario").allowed

    assert found == pack == list(allowed)


def test_every_mart_says_its_question_and_makes_the_table_of_its_name() -> None:
    for mart in read_marts():
        assert mart.sql.startswith("/* "), mart.file
        assert re.search(f"^create (table|view) {mart.name} as$", mart.sql, re.MULTILINE), mart.file
