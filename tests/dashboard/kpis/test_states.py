"""Met, warn, missed, no data, stale and source failed; no data is never 0 and never green."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessments.errors import BadInput, CannotSay, NotFound
from dashboard.kpis import (
    board,
    catalogue,
    get,
    latest_as_of,
    precompute,
    rows,
    trend,
    value,
    values,
)
from dashboard.kpis.value import judge
from tests.spec.kpis.tiny_warehouse import add_load, tiny_warehouse

DAY = date(2026, 11, 20)
RUNS = {
    "deletion_runs": [
        {"run_id": f"r-{number}", "dataset_id": "d-1", "due_on": "2026-11-01", "status": "planned"}
        for number in range(3)
    ]
}


@pytest.mark.parametrize(
    ("value", "state"), [(0.0, "met"), (5.0, "warn"), (5.5, "missed"), (None, "no_data")]
)
def test_lower_is_better_for_a_count(value: float | None, state: str) -> None:
    assert judge(get("overdue_deletions"), value, 0, 0) == state


@pytest.mark.parametrize(("value", "state"), [(95.0, "met"), (94.9, "warn"), (89.9, "missed")])
def test_higher_is_better_for_a_share(value: float, state: str) -> None:
    assert judge(get("training_completion"), value, 0, 0) == state


def test_a_subject_over_its_own_limit_misses_the_target_whatever_the_maximum_is() -> None:
    assert judge(get("leakage_score"), 8.0, 1, 0) == "missed"
    assert judge(get("leakage_score"), 8.0, 1, 1) == "warn"
    assert judge(get("leakage_score"), 8.0, 0, 0) == "met"


def test_an_empty_warehouse_has_no_numbers_and_no_zero() -> None:
    with tiny_warehouse({}) as warehouse:
        shown = values(warehouse, DAY)

    assert {(each.value, each.state) for each in shown} == {(None, "no_data")}
    assert all("no data" in repr(each) for each in shown)


def test_an_empty_warehouse_has_no_day() -> None:
    with tiny_warehouse({}) as warehouse, pytest.raises(CannotSay, match="no data"):
        latest_as_of(warehouse)


def test_a_source_whose_check_failed_says_so_on_the_number() -> None:
    with tiny_warehouse(RUNS) as warehouse:
        warehouse.execute(
            "create table source_check (kind varchar, is_passed boolean, detail varchar)"
        )
        warehouse.execute("insert into source_check values ('deletion_runs', false, 'Two runs have no dataset.')")  # fmt: skip
        shown = value(get("overdue_deletions"), warehouse, DAY)

    assert (shown.value, shown.state) == (3.0, "source_failed")
    assert "Two runs have no dataset." in shown.caveats[-1]


@pytest.mark.parametrize(("quarantined", "state"), [(5, "warn"), (6, "source_failed")])
def test_more_than_five_per_cent_in_quarantine_fails_a_source(quarantined: int, state: str) -> None:
    with tiny_warehouse(RUNS) as warehouse:
        add_load(warehouse, "deletion_runs", "runs.csv", quarantined=quarantined)
        shown = value(get("overdue_deletions"), warehouse, DAY)

    assert shown.state == state
    assert f"{quarantined} rows of runs.csv are in quarantine and not counted." in shown.caveats


def test_sources_are_all_files_of_facts_and_the_newest_list() -> None:
    with tiny_warehouse(RUNS) as warehouse:
        add_load(warehouse, "deletion_runs", "october.csv", loaded_at="2026-11-01 08:00:00")
        add_load(warehouse, "deletion_runs", "november.csv")
        add_load(warehouse, "legal_holds", "holds-old.csv", loaded_at="2026-11-01 08:00:00")
        add_load(warehouse, "legal_holds", "holds.csv")
        add_load(warehouse, "people", "people.csv")
        shown = value(get("overdue_deletions"), warehouse, DAY)

    assert [source.path for source in shown.sources] == ["october.csv", "november.csv", "holds.csv"]


def test_a_stored_number_of_another_text_is_not_used() -> None:
    kpi = get("overdue_deletions")
    with tiny_warehouse(RUNS) as warehouse:
        precompute(warehouse, DAY, [replace(kpi, sha256="of an older text")])
        warehouse.execute("update kpi_trend set value = 99")
        now = value(kpi, warehouse, DAY)

    assert now.value == 3.0
    assert now.trend == ()


def test_a_day_that_was_not_stored_is_computed_from_the_same_text() -> None:
    kpi = get("overdue_deletions")
    with tiny_warehouse(RUNS) as warehouse:
        precompute(warehouse, DAY)
        earlier = value(kpi, warehouse, date(2026, 11, 1))
        points = trend(kpi, warehouse, date(2026, 11, 4), weeks=2)

    assert (earlier.value, earlier.state) == (None, "no_data")
    assert [point.value for point in points] == [None, 3.0]


def test_the_board_has_at_most_six_numbers_each_with_its_trend() -> None:
    places = [kpi.board for kpi in catalogue() if kpi.board is not None]
    with tiny_warehouse(RUNS) as warehouse:
        precompute(warehouse, DAY)
        shown = board(warehouse, DAY)

    assert places == sorted(set(places)) == list(range(1, len(places) + 1))
    assert len(shown) == len(places) <= 6
    assert all(len(each.trend) == 26 for each in shown)


def test_rows_are_ordered_only_by_columns_that_exist() -> None:
    with tiny_warehouse(RUNS) as warehouse:
        kpi = get("overdue_deletions")
        turned = rows(kpi, warehouse, DAY, order="-run_id")
        with pytest.raises(BadInput, match="no column"):
            rows(kpi, warehouse, DAY, order="run_id; drop table deletion_runs")
        with pytest.raises(BadInput, match="at least 1"):
            rows(kpi, warehouse, DAY, page=0)

    assert [row[0] for row in turned.rows] == ["r-2", "r-1", "r-0"]


def test_an_unknown_kpi_names_those_that_exist() -> None:
    with pytest.raises(NotFound) as error:
        get("overdue")
    assert "overdue_deletions" in error.value.detail
