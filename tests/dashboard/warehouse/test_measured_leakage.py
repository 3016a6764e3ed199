"""Registered measurements reach the warehouse like rows of an export, once, and only where they count."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assessments.leakage.measurement import Check, Estimate, Measurement, Source
from assessments.leakage.register import store
from assessments.leakage.register.store import Subject
from assessments.leakage.results_file import COLUMNS, as_row
from assessments.records import Actor, Records, people
from dashboard.warehouse.record_copy import MEASUREMENT, copy_records

TEAM, OFFICE = Actor.person("team"), Actor.person("office")
SUBJECT, DAY = Subject("model", "m-1", "pr-1"), date(2026, 11, 2)


def result(severity: float, **checks: Check) -> dict[str, Any]:
    passed = {"power_check": Check("passed", ""), "null_check": Check("passed", "")} | checks
    return Measurement(
        channel="membership", method="rmia", method_version="1", value=0.7, ci_low=0.6, ci_high=0.8,
        confidence=0.95, n=1000, baseline=0.5, baseline_kind="coin", severity=severity,
        severity_high=0.9, extent=0.1, status="measured", results={"auc": Estimate(0.7, 0.6, 0.8)},
        inputs=(Source("signals.parquet", "ab" * 32, 9),), **passed,
    ).as_dict()  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Records:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")
    with opened.change(Actor.system("test")) as change:
        for person, role in (("team", "author"), ("office", "reviewer")):
            people.add_person(change, person, person)
            people.grant_role(change, person, role, reason="test")
    return opened


def built(records: Records, landed: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """The two marts over what was landed and registered."""
    connection = duckdb.connect()
    copy_records(connection, records)
    columns = MEASUREMENT.replace("measured double", "value double")
    columns = columns.replace("measurement_id varchar", "batch_id varchar, line_no bigint")
    connection.execute(f"create table leakage_results ({columns})")
    for row in landed:
        places = ", ".join("?" for _ in COLUMNS) + ", 'batch', 1"
        connection.execute(
            f"insert into leakage_results values ({places})", [row[name] for name in COLUMNS]
        )
    for mart in ("08_measured_leakage", "09_leakage_current"):
        text = (
            resources.files("dashboard.warehouse").joinpath(f"marts/{mart}.sql").read_text("utf-8")
        )
        connection.execute(text)
    return connection


def test_only_what_counts_is_current_and_a_result_loaded_as_a_row_too_counts_once(
    records: Records,
) -> None:
    strong = result(0.4)
    (kept,) = store.register(
        records, OFFICE, SUBJECT, json.dumps(strong).encode(), "a.json", measured_on=DAY
    )
    store.register(
        records, TEAM, SUBJECT, json.dumps(result(0.6)).encode(), "b.json", measured_on=DAY
    )
    with built(records, [as_row(strong, "model", "m-1", DAY)]) as connection:
        rows = connection.execute("select score, measurement_id from measured_leakage m join leakage_current using (result_id)").fetchall()  # fmt: skip
    assert rows == [(40.0, kept.id)]


def test_a_run_that_did_not_prove_itself_and_one_that_was_withdrawn_are_not_current(
    records: Records,
) -> None:
    weak = result(0.5, power_check=Check("failed", ""))
    store.register(records, OFFICE, SUBJECT, json.dumps(weak).encode(), "w.json", measured_on=DAY)
    (gone,) = store.register(
        records, OFFICE, SUBJECT, json.dumps(result(0.3)).encode(), "g.json", measured_on=DAY
    )
    store.withdraw(records, OFFICE, gone.id, "Wrong model file")
    with built(records, []) as connection:
        assert connection.execute("select status from measured_leakage").fetchall() == [
            ("invalid",)
        ]
        assert connection.execute("select count(*) from leakage_current").fetchone() == (0,)
