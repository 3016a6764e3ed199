"""Lists replace lists and keep their history; facts are added and never contradicted."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

FOREVER = date(9999, 12, 31)
EVER = date(1900, 1, 1)
HISTORY = "select vendor_id, country, known_from, known_until from vendors order by 1, 3"


def test_the_first_version_of_a_row_is_known_since_ever(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1)), as_of=date(2026, 11, 1))
    assert desk.ask(HISTORY) == [("v-1", "SE", EVER, FOREVER)]


def test_a_changed_row_ends_one_version_and_begins_another(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2)), as_of=date(2026, 11, 1))
    found = desk.load(
        "vendors.csv",
        vendors(vendors.row(1, country="NO"), vendors.row(2)),
        as_of=date(2026, 11, 8),
    )
    assert (found.changed, found.unchanged, found.ended) == (1, 1, 0)
    assert desk.ask(HISTORY) == [
        ("v-1", "SE", EVER, date(2026, 11, 8)),
        ("v-1", "NO", date(2026, 11, 8), FOREVER),
        ("v-2", "SE", EVER, FOREVER),
    ]


def test_a_row_that_is_no_longer_listed_ends_and_may_return(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2)), as_of=date(2026, 11, 1))
    found = desk.load("vendors.csv", vendors(vendors.row(2)), as_of=date(2026, 11, 8))
    assert found.ended == 1
    desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2)), as_of=date(2026, 11, 15))
    assert desk.ask(HISTORY)[:2] == [
        ("v-1", "SE", EVER, date(2026, 11, 8)),
        ("v-1", "SE", date(2026, 11, 15), FOREVER),
    ]


def test_versions_of_a_row_never_overlap_and_never_leave_an_empty_span(
    desk: Any, vendors: Any
) -> None:
    countries = ["SE", "NO", "NO", "DK", "SE"]
    for number, country in enumerate(countries):
        day = date(2026, 11, 1 + number // 2)
        desk.load(
            "vendors.csv", vendors(vendors.row(1, country=country, name=f"V{number}")), as_of=day
        )
    spans = [row[2:] for row in desk.ask(HISTORY)]
    assert all(since < until for since, until in spans)
    assert all(one[1] == two[0] for one, two in itertools.pairwise(spans))
    assert spans[0][0] == EVER
    assert spans[-1][1] == FOREVER
    assert desk.ask("select count(*) from superseded") == [(1,)]


def test_a_damaged_row_does_not_end_the_version_that_stands(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2)), as_of=date(2026, 11, 1))
    found = desk.load(
        "vendors.csv",
        vendors(vendors.row(1, role="friend"), vendors.row(3)),
        as_of=date(2026, 11, 8),
    )
    assert (found.quarantined, found.ended) == (1, 1)
    standing = f"select vendor_id from vendors where known_until = '{FOREVER}' order by 1"
    assert desk.ask(standing) == [("v-1",), ("v-3",)]


def test_nothing_ends_while_a_line_of_the_list_cannot_be_read(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1), vendors.row(2)), as_of=date(2026, 11, 1))
    found = desk.load("vendors.csv", vendors(vendors.row(2), "v-1,broken"), as_of=date(2026, 11, 8))
    assert found.ended == 0


def test_an_older_list_does_not_rewrite_history(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1)), as_of=date(2026, 11, 8))
    error = desk.refusal("vendors.csv", vendors(vendors.row(2)), as_of=date(2026, 11, 1))
    assert "newer list" in error.title


def test_loading_the_same_file_twice_changes_nothing(desk: Any, vendors: Any) -> None:
    lines = vendors(vendors.row(1), vendors.row(2, role="friend"))
    first = desk.load("vendors.csv", lines)
    before = desk.state()
    again = desk.load("vendors.csv", lines)
    assert again.was_loaded
    assert (again.rows, again.landed, again.quarantined) == (
        first.rows,
        first.landed,
        first.quarantined,
    )
    assert again.reasons == first.reasons
    assert desk.state() == before


def test_returning_to_an_earlier_list_is_a_new_load(desk: Any, vendors: Any) -> None:
    desk.load("vendors.csv", vendors(vendors.row(1)), as_of=date(2026, 11, 1))
    desk.load("vendors.csv", vendors(vendors.row(1, country="NO")), as_of=date(2026, 11, 2))
    back = desk.load("vendors.csv", vendors(vendors.row(1)), as_of=date(2026, 11, 3))
    assert not back.was_loaded
    assert desk.ask(f"select country from vendors where known_until = '{FOREVER}'") == [("SE",)]


RUNS = "run_id,dataset_id,due_on,executed_on,rows_deleted,proof_sha256,status"


def test_facts_that_come_again_are_counted_as_standing(desk: Any) -> None:
    desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-01-01,,,,planned"])
    found = desk.load(
        "deletion_runs.csv",
        [RUNS, "r-1,d-1,2026-01-01,,,,planned", "r-2,d-1,2026-02-01,,,,planned"],
    )
    assert (found.landed, found.unchanged, found.quarantined) == (2, 1, 0)
    assert desk.ask("select count(*) from deletion_runs") == [(2,)]


def test_a_case_may_be_completed_and_its_earlier_form_is_kept(desk: Any) -> None:
    desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-01-01,,,,planned"])
    found = desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-01-01,2026-01-01,12,,done"])
    assert (found.landed, found.changed) == (1, 1)
    assert desk.ask("select status, rows_deleted from deletion_runs") == [("done", 12)]
    assert desk.ask("select record->>'status' from superseded") == [("planned",)]


def test_a_fact_that_contradicts_what_landed_is_quarantined(desk: Any) -> None:
    desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-01-01,2026-01-01,12,,done"])
    other_day = desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-03-01,2026-01-01,12,,done"])
    emptied = desk.load("deletion_runs.csv", [RUNS, "r-1,d-1,2026-01-01,,,,planned"])
    for found in (other_day, emptied):
        assert dict(found.reasons) == {
            "the row contradicts one with the same key that landed before": 1
        }
    assert desk.ask("select due_on, status from deletion_runs") == [(date(2026, 1, 1), "done")]


def test_references_are_found_in_files_of_the_same_run_and_warn_otherwise(
    desk: Any, vendors: Any
) -> None:
    head = "contract_id,vendor_id,title,signed_on,dpa_signed,audit_right"
    contract = desk.write(
        "contracts.csv", [head, "c-1,v-1,A,2026-01-01,true,true", "c-2,v-9,B,2026-01-01,TRUE,False"]
    )
    list_ = desk.write("vendors.csv", vendors(vendors.row(1)))
    for report in (desk.check(contract, list_), desk.report(contract, list_)):
        found = next(file for file in report.files if file.kind == "contracts")
        assert found.landed == 2
        assert [(count.rule, count.failed) for count in found.warnings] == [("vendor_id.refers", 1)]


def test_checking_changes_nothing_and_answers_as_loading_does(desk: Any, vendors: Any) -> None:
    path = desk.write("vendors.csv", vendors(vendors.row(1), vendors.row(2, role="friend")))
    checked = desk.check(path).files[0]
    assert not (desk.home.warehouse / "landing.duckdb").exists()
    loaded = desk.report(path).files[0]
    assert (checked.rows, checked.landed, checked.reasons) == (
        loaded.rows,
        loaded.landed,
        loaded.reasons,
    )
