"""Each KPI finds on the whole sample exactly the problems that were planted there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from duckdb import DuckDBPyConnection

from dashboard.kpis import board, get, rows, trend, value

TRUTH: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "sample_data" / "truth.yaml").read_text("utf-8")
)["kpis"]
NAMES = {
    "activities_review_overdue": "processing_records_reviewed",
    "breach_notified_late": "incidents_notified_on_time",
    "leakage_datasets": "dataset_leakage_score",
}
WITH_IDS = [name for name, truth in TRUTH.items() if isinstance(truth.get("ids"), list)]


def _failing(name: str, sample: DuckDBPyConnection) -> list[str]:
    kpi = get(NAMES.get(name, name))
    day = value(kpi, sample).as_of
    found = rows(kpi, sample, day, size=10**6).as_dicts()
    return sorted(".".join(str(row[part]) for part in kpi.key) for row in found)


@pytest.mark.parametrize("name", WITH_IDS)
def test_a_kpi_lists_the_planted_problems_and_nothing_else(
    name: str, sample: DuckDBPyConnection
) -> None:
    assert _failing(name, sample) == sorted(TRUTH[name]["ids"])


@pytest.mark.parametrize(
    ("name", "column"), [("off_purpose_access", "dataset_id"), ("expired_grant_use", "grant_id")]
)
def test_an_access_kpi_counts_the_planted_events(
    name: str, column: str, sample: DuckDBPyConnection
) -> None:
    kpi = get(name)
    day = value(kpi, sample).as_of
    found = rows(kpi, sample, day, size=10**6).as_dicts()

    assert value(kpi, sample).value == TRUTH[name]["count"] == len(found)
    by = {key: sum(row[column] == key for row in found) for key in TRUTH[name]["by"]}
    assert by == TRUTH[name]["by"]


def test_the_day_is_the_newest_day_in_the_data(sample: DuckDBPyConnection) -> None:
    assert {shown.as_of for shown in board(sample)} == {date(2026, 11, 20)}


def test_retention_fails_as_many_datasets_each_week_as_were_planted(
    sample: DuckDBPyConnection,
) -> None:
    points = {
        str(point.as_of): point.failing for point in trend(get("retention_compliance"), sample)
    }
    planted = {str(day): count for day, count in TRUTH["retention_compliance"]["trend"].items()}

    assert points == {day: planted[day] for day in points}


def test_held_data_is_kept_lawfully(sample: DuckDBPyConnection) -> None:
    kpi = get("retention_compliance")
    found = rows(kpi, sample, date(2026, 11, 20), only="all", size=1000).as_dicts()

    held = sorted(row["dataset_id"] for row in found if row["finding"] == "under a legal hold")
    assert held == sorted(TRUTH["retention_compliance"]["excluded_under_hold"])


@pytest.mark.parametrize("name", ["leakage_score", "leakage_datasets"])
def test_the_score_of_every_subject_is_the_planted_one(
    name: str, sample: DuckDBPyConnection
) -> None:
    kpi = get(NAMES.get(name, name))
    found = rows(kpi, sample, date(2026, 11, 20), only="all", size=1000).as_dicts()

    scores = {row[kpi.key[0]]: row["score"] for row in found}
    assert scores == pytest.approx(TRUTH[name]["scores"])
    assert value(kpi, sample).value == pytest.approx(max(TRUTH[name]["scores"].values()))
