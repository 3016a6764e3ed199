"""A generation is there whole or not at all, and readers never see it change."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assessments.errors import BadInput, NotFound
from assessments.settings import Home
from dashboard.exports.load import load_paths
from dashboard.exports.options import Options
from dashboard.warehouse import build as building
from dashboard.warehouse.build import rebuild
from dashboard.warehouse.connect import Warehouse
from dashboard.warehouse.marts_order import Mart, read_marts

HEADER = "vendor_id,name,role,country,services,contact_email,risk_tier"
QUICK = Options(is_declared=False)


def load(home: Home, folder: Path, number: int) -> int:
    path = folder / f"vendors-{number}.csv"
    rows = [f"v-{n},V{n},processor,SE,Hosting,a@b.example,low" for n in range(number)]
    path.write_text("\n".join([HEADER, *rows]))
    generation = load_paths(home, [path], options=QUICK).generation
    assert generation is not None
    return generation


def count(cursor: duckdb.DuckDBPyConnection) -> int:
    found = cursor.execute(
        "select count(*) from vendors where known_until = '9999-12-31'"
    ).fetchone()
    return int(found[0]) if found else 0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_nothing_is_there_before_the_first_load(home: Home) -> None:
    with pytest.raises(NotFound, match="No exports"):
        Warehouse.open(home.prepare())


def test_a_reader_keeps_its_generation_and_the_next_one_sees_the_new(
    home: Home, tmp_path: Path
) -> None:
    load(home, tmp_path, 1)
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as old:
        assert count(old) == 1
        load(home, tmp_path, 2)
        with warehouse.cursor() as new:
            assert (count(old), count(new)) == (1, 2)
        assert warehouse.generation == 2
        assert count(old) == 1
    warehouse.close()


def test_threads_read_while_generations_change(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, 1)
    warehouse = Warehouse.open(home)
    seen: list[int] = []
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(40):
                with warehouse.cursor() as cursor:
                    first = count(cursor)
                    assert count(cursor) == first
                    seen.append(first)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in (2, 3, 4, 5, 6):
        load(home, tmp_path, number)
    for reader in readers:
        reader.join()
    warehouse.close()
    assert not failures
    assert set(seen) <= {1, 2, 3, 4, 5, 6}


def test_old_generations_are_removed_and_three_are_kept(home: Home, tmp_path: Path) -> None:
    for number in range(1, 6):
        load(home, tmp_path, number)
    kept = sorted(path.name for path in home.warehouse.glob("gen-*"))
    assert kept == ["gen-000003.duckdb", "gen-000004.duckdb", "gen-000005.duckdb"]


def test_nothing_is_built_when_nothing_changed(home: Home, tmp_path: Path) -> None:
    first = load(home, tmp_path, 1)
    assert load(home, tmp_path, 1) == first
    assert rebuild(home, None) == first


def test_a_build_that_fails_leaves_the_generation_that_counts(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(home, tmp_path, 1)
    broken = Mart("broken", "99_broken.sql", "create table broken as select * from nowhere")
    monkeypatch.setattr(building, "read_marts", lambda: [*read_marts(), broken])
    with pytest.raises(BadInput, match="broken"):
        load(home, tmp_path, 2)
    monkeypatch.undo()
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        assert count(cursor) == 1
    assert rebuild(home, None) == first + 1
    with warehouse.cursor() as cursor:
        assert count(cursor) == 2
    warehouse.close()
    assert not list(home.warehouse.glob("*.new*"))


def test_a_cursor_can_neither_read_files_nor_write_nor_unlock(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, 1)
    warehouse = Warehouse.open(home)
    forbidden = [
        "select * from read_text('/etc/hostname')",
        f"copy (select 1) to '{tmp_path / 'out.csv'}'",
        f"attach '{tmp_path / 'other.duckdb'}' as other",
        "set enable_external_access = true",
        "set memory_limit = '64GB'",
        "insert into vendors (vendor_id) values ('v-x')",
        "install httpfs",
    ]
    with warehouse.cursor() as cursor:
        for statement in forbidden:
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)
    warehouse.close()


def test_every_load_stands_among_the_sources(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, 1)
    load(home, tmp_path, 2)
    warehouse = Warehouse.open(home)
    assert [item["path"] for item in warehouse.sources(["vendors"])] == [
        "vendors-1.csv", "vendors-2.csv"
    ]  # fmt: skip
    assert warehouse.sources(["people"]) == []
    assert len(warehouse.sources()) == 2
    warehouse.close()


def test_the_day_of_the_data_is_the_newest_fact_that_is_not_in_the_future(
    home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "dataset_observations.csv"
    path.write_text(
        "dataset_id,observed_on,row_count,size_bytes\n"
        "d-1,2024-05-01,1,1\nd-1,2024-05-08,1,1\nd-1,2924-05-15,1,1\n"
    )
    load_paths(home, [path], options=QUICK)
    warehouse = Warehouse.open(home)
    assert str(warehouse.as_of()) == "2024-05-08"
    warehouse.close()


def test_marts_are_ordered_by_name_and_by_need(tmp_path: Path) -> None:
    (tmp_path / "01_late.sql").write_text(
        "-- needs: early\ncreate view late as select * from early"
    )
    (tmp_path / "02_early.sql").write_text("create view early as select 1")
    (tmp_path / "03_last.sql").write_text("create view last as select 1")
    assert [mart.name for mart in read_marts(tmp_path)] == ["early", "last", "late"]
    (tmp_path / "02_early.sql").write_text("-- needs: late\ncreate view early as select 1")
    with pytest.raises(BadInput, match="circle"):
        read_marts(tmp_path)


def test_records_are_copied_without_answers_or_names(home: Home, tmp_path: Path) -> None:
    load(home, tmp_path, 1)
    warehouse = Warehouse.open(home)
    with warehouse.cursor() as cursor:
        found: list[Any] = cursor.execute(
            "select column_name from information_schema.columns where table_name like 'record_%'"
        ).fetchall()
    warehouse.close()
    names = {name for (name,) in found}
    assert {"assessment_id", "state", "approved_on", "due_on", "size"} <= names
    assert not names & {"name", "title", "text", "value", "comment"}
